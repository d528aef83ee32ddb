"""Models → a family of them, with a contract that all of them meet, as far as their files tell that."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence

import attrs

from edgeadapt.registry.adapter import AdapterSteps, Rename
from edgeadapt.registry.contract import Contract, ContractTensor
from edgeadapt.registry.family import ModelFamily
from edgeadapt.registry.field_checks import DTYPES
from edgeadapt.registry.variant import VariantMetadata
from edgeadapt.tooling.onnx_facts import TensorFact
from edgeadapt.tooling.onnx_inspect import read_model, weight_bytes

_SIDES = ("inputs", "outputs")
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9_]+")


@attrs.frozen
class NewVariant:
    """A model for a new family: its name there, its path, how large it is with its weights, and what it takes and gives."""

    name: str
    path: str
    size_bytes: int
    inputs: tuple[TensorFact, ...]
    outputs: tuple[TensorFact, ...]
    metadata: VariantMetadata = attrs.field(factory=VariantMetadata)


def new_variant(path: str, name: str, metadata: VariantMetadata | None = None) -> NewVariant:
    """Look at a model; raises ModelFileError for what is none."""
    facts, size = read_model(path)
    whole = size + weight_bytes(path)
    return NewVariant(
        name, path, whole, tuple(facts.inputs), tuple(facts.outputs), metadata or VariantMetadata()
    )


def new_family(name: str, variants: Sequence[NewVariant], folder: str) -> ModelFamily:
    """Make a family whose file will lie in `folder`; raises ValueError for a name that can't be one."""
    contract = _common(variants)
    family = ModelFamily(name, contract=contract)
    for variant in variants:
        steps = _renaming(variants[0], variant) if contract.inputs is not None else None
        path = _relative(variant.path, folder)
        family.add_variant(variant.name, path, metadata=variant.metadata, adapter=steps)
    return family


def as_name(text: str) -> str:
    """Make a text a name of the policy language: letters, digits and `_`, not beginning with a digit."""
    name = _NOT_IN_A_NAME.sub("_", text.lower()).strip("_")
    return f"app_{name}".rstrip("_") if not name or name[0].isdigit() else name


def _relative(path: str, folder: str) -> str:
    try:
        # Family files have one spelling on every system.
        return os.path.relpath(path, folder).replace(os.sep, "/")
    except ValueError:  # on another drive
        return os.path.abspath(path)


def _common(variants: Sequence[NewVariant]) -> Contract:
    """Return what all of them take and give; nothing is compared where they have not as many inputs or outputs."""
    first = variants[0]
    if any(len(getattr(each, side)) != len(getattr(first, side)) for each in variants for side in _SIDES):
        return Contract()
    return Contract(*(tuple(_tensors([getattr(each, side) for each in variants])) for side in _SIDES))


def _tensors(sides: Sequence[Sequence[TensorFact]]) -> Iterator[ContractTensor]:
    for tensors in zip(*sides, strict=True):
        types = {tensor.dtype for tensor in tensors}
        shapes = [tensor.shape for tensor in tensors]
        known = [shape for shape in shapes if shape]
        # A scalar's shape is not told from an unknown one by every runtime.
        same_rank = len(known) == len(shapes) and len({len(shape) for shape in known}) == 1
        yield ContractTensor(
            tensors[0].name,
            tensors[0].dtype if len(types) == 1 and tensors[0].dtype in DTYPES else None,
            tuple(_size(sizes) for sizes in zip(*known, strict=True)) if same_rank else None,
        )


def _size(sizes: Sequence[int | str | None]) -> int | str | None:
    first = sizes[0]
    if all(size == first for size in sizes) and isinstance(first, int):
        return first
    is_open = not any(isinstance(size, int) for size in sizes)
    return first if is_open and isinstance(first, str) and first.isprintable() else None


def _renaming(first: NewVariant, variant: NewVariant) -> AdapterSteps | None:
    """Return the adapter of a variant whose inputs or outputs have other names than the first's; None where none is needed."""
    pairs = {side: list(zip(getattr(first, side), getattr(variant, side), strict=True)) for side in _SIDES}
    inputs = [Rename(wanted.name, own.name) for wanted, own in pairs["inputs"] if wanted.name != own.name]
    outputs = [Rename(own.name, wanted.name) for wanted, own in pairs["outputs"] if wanted.name != own.name]
    return AdapterSteps(inputs, outputs) if inputs or outputs else None
