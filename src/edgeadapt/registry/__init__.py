"""Model families: what variants there are, what is known of each, and where their files lie."""

from edgeadapt.registry.family import ModelFamily
from edgeadapt.registry.variant import Golden, ModelVariant, SessionOptions, VariantMetadata

__all__ = ["Golden", "ModelFamily", "ModelVariant", "SessionOptions", "VariantMetadata"]
