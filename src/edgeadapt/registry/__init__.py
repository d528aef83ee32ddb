"""Model families: what variants there are, what is known of each, and where their files lie."""

from edgeadapt.registry.activation import ActivationRules, Probation
from edgeadapt.registry.adapter import AdapterSteps
from edgeadapt.registry.contract import Contract, ContractTensor
from edgeadapt.registry.family import ModelFamily
from edgeadapt.registry.variant import Golden, ModelVariant, SessionOptions, VariantMetadata

__all__ = [
    "ActivationRules",
    "AdapterSteps",
    "Contract",
    "ContractTensor",
    "Golden",
    "ModelFamily",
    "ModelVariant",
    "Probation",
    "SessionOptions",
    "VariantMetadata",
]
