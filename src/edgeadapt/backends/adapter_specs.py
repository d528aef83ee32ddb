"""What an adapter's steps make of tensors that are only described: so that a misfit is found before anybody infers.

None stands for what is not known, as in a contract; the law is that a step's array is what its description says.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import attrs

from edgeadapt.backends.adapter_steps import added, at_work, named, renamed, without
from edgeadapt.backends.image_resize import BLENDED
from edgeadapt.registry.adapter import (
    NUMERIC_DTYPES,
    Cast,
    Constant,
    Drop,
    LabelMap,
    Layout,
    Rename,
    Resize,
    Scale,
    Step,
    Take,
)
from edgeadapt.registry.contract import ContractTensor

Dim = int | str | None


def after_steps(steps: Sequence[Step], tensors: Sequence[ContractTensor]) -> tuple[ContractTensor, ...]:
    """Return what the steps make of the tensors; raises StepProblem for a step that can't work on them."""
    current = {tensor.name or "": tensor for tensor in tensors}
    for step in steps:
        current = at_work(step, partial(_after, step), current)
    return tuple(attrs.evolve(tensor, name=name or None) for name, tensor in current.items())


def _after(step: Step, tensors: dict[str, ContractTensor]) -> dict[str, ContractTensor]:
    match step:
        case Rename():
            return renamed(tensors, step)
        case Drop():
            return without(tensors, step)
        case Constant():
            return added(tensors, step, ContractTensor(step.name, step.dtype, step.shape))
        case Cast() | Layout() | Resize() | Scale() | Take() | LabelMap():
            tensor: ContractTensor = named(tensors, step, step.name)
            return {**tensors, step.name: _changed(step, tensor)}


def _changed(
    step: Cast | Layout | Resize | Scale | Take | LabelMap, tensor: ContractTensor
) -> ContractTensor:
    match step:
        case Cast():
            return attrs.evolve(tensor, dtype=_number(tensor.dtype, step.dtype))
        case Layout():
            return attrs.evolve(tensor, shape=_reordered(tensor.shape, step.old, step.new))
        case Resize():
            return attrs.evolve(tensor, shape=_resized(tensor, step))
        case Scale():
            for factor in (step.by, step.offset):
                if isinstance(factor, tuple):
                    _check_axis(tensor.shape, step.axis, len(factor))
            whole = tensor.dtype is not None and not tensor.dtype.startswith("float")
            return attrs.evolve(tensor, dtype=_number(tensor.dtype, "float32" if whole else tensor.dtype))
        case Take():
            return attrs.evolve(tensor, shape=_taken(tensor.shape, step))
        case LabelMap():
            if tensor.dtype is not None and not tensor.dtype.startswith(("int", "uint")):
                raise ValueError(f"class numbers are integers, not {tensor.dtype}; `cast` them first")
            return attrs.evolve(tensor, dtype="int64")


def _number(dtype: str | None, becomes: str | None) -> str | None:
    if dtype is not None and dtype not in NUMERIC_DTYPES:
        raise ValueError(f"{'text' if dtype == 'str' else dtype} is no number")
    return becomes


def _resized(tensor: ContractTensor, step: Resize) -> tuple[Dim, ...]:
    if step.method != "nearest" and tensor.dtype is not None and tensor.dtype not in BLENDED:
        raise ValueError(
            f"`{step.method}` does not resize {tensor.dtype}; `cast` it first, or resize by `nearest`"
        )
    sides: dict[str, Dim] = {"H": step.height, "W": step.width}
    known = zip(step.layout, _ranked(tensor.shape, step.layout), strict=True)
    return tuple(sides.get(letter, dim) for letter, dim in known)


def _ranked(shape: tuple[Dim, ...] | None, layout: str) -> tuple[Dim, ...]:
    if shape is None:
        return (None,) * len(layout)
    if len(shape) != len(layout):
        raise ValueError(f"a tensor of {len(shape)} dimensions is not {layout}")
    return shape


def _reordered(shape: tuple[Dim, ...] | None, old: str, new: str) -> tuple[Dim, ...]:
    sizes = dict(zip(old, _ranked(shape, old), strict=True))
    for letter, size in sizes.items():
        if letter not in new and isinstance(size, int) and size != 1:
            raise ValueError(f"{letter} has size {size}, and only size 1 can be left out")
    return tuple(sizes.get(letter, 1) for letter in new)


def _check_axis(shape: tuple[Dim, ...] | None, axis: int, count: int) -> None:
    if shape is None:
        return
    size = shape[axis] if -len(shape) <= axis < len(shape) else -1
    if isinstance(size, int) and size != count:
        raise ValueError(f"a tensor of {len(shape)} dimensions has not {count} channels on axis {axis}")


def _taken(shape: tuple[Dim, ...] | None, step: Take) -> tuple[Dim, ...] | None:
    if shape is None:
        return None
    if not -len(shape) <= step.axis < len(shape):
        raise ValueError(f"a tensor of {len(shape)} dimensions has no axis {step.axis}")
    size = shape[step.axis]
    if isinstance(size, int) and max(step.indices) >= size:
        raise ValueError(f"there is no entry {max(step.indices)} among {size}")
    sizes = list(shape)
    sizes[step.axis] = len(step.indices)
    return tuple(sizes)
