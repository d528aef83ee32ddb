"""An adapter's steps at work on arrays by name: each is compiled once to a function.

What a step may say is checked where it is declared, and what it makes of a contract in `adapter_specs`; here it meets
arrays, and raises StepProblem for those that it can't work on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from edgeadapt.backends.image_resize import resize
from edgeadapt.registry.adapter import (
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
    step_key,
)
from edgeadapt.wording import did_you_mean, shown

Arrays = dict[str, Any]
_T = TypeVar("_T")


class StepProblem(ValueError):  # noqa: N818 - it never leaves the adapters
    """A step can't work on what it was given; the text names the step."""


def compile_steps(steps: Sequence[Step]) -> Callable[[Mapping[str, Any]], Arrays]:
    """Return one function that takes arrays by name through all steps; what it was given it leaves alone."""
    compiled = [(step, _compile(step)) for step in steps]

    def run(arrays: Mapping[str, Any]) -> Arrays:
        current = dict(arrays)
        for step, work in compiled:
            current = at_work(step, work, current)
        return current

    return run


def at_work(step: Step, work: Callable[[_T], _T], tensors: _T) -> _T:
    """Return what `work` makes of the tensors; its errors become StepProblems that name the step."""
    try:
        return work(tensors)
    except StepProblem:
        raise
    except (ValueError, IndexError, TypeError) as error:
        raise StepProblem(f"`{step_key(step)}`: {error}") from error


def named(tensors: Mapping[str, Any], step: Step, name: str) -> Any:
    """Return the tensor that a step names; raises StepProblem where there is none."""
    if name not in tensors:
        remedy = did_you_mean(name, [shown(known)[1:-1] for known in tensors], "there are")
        raise StepProblem(f"`{step_key(step)}`: there is no {shown(name)}; {remedy}")
    return tensors[name]


def renamed(tensors: Mapping[str, Any], step: Rename) -> dict[str, Any]:
    """Return tensors with one under its new name, in the same place."""
    named(tensors, step, step.old)
    if step.new in tensors and step.new != step.old:
        raise StepProblem(f"`rename`: there is a {shown(step.new)} already")
    return {step.new if name == step.old else name: tensor for name, tensor in tensors.items()}


def without(tensors: Mapping[str, Any], step: Drop) -> dict[str, Any]:
    """Return tensors without one."""
    named(tensors, step, step.name)
    return {name: tensor for name, tensor in tensors.items() if name != step.name}


def added(tensors: Mapping[str, Any], step: Constant, tensor: Any) -> dict[str, Any]:
    """Return tensors and a new one."""
    if step.name in tensors:
        raise StepProblem(f"`constant`: there is a {shown(step.name)} already")
    return {**tensors, step.name: tensor}


def _compile(step: Step) -> Callable[[Arrays], Arrays]:
    match step:
        case Rename():
            return lambda arrays: renamed(arrays, step)
        case Drop():
            return lambda arrays: without(arrays, step)
        case Constant():
            constant = np.full(step.shape, step.value, step.dtype)
            # It is shared by all runs.
            constant.setflags(write=False)
            return lambda arrays: added(arrays, step, constant)
        case Cast() | Layout() | Resize() | Scale() | Take() | LabelMap():
            change = _change(step)

            def replace(arrays: Arrays) -> Arrays:
                arrays[step.name] = change(np.asarray(named(arrays, step, step.name)))
                return arrays

            return replace


def _change(step: Cast | Layout | Resize | Scale | Take | LabelMap) -> Callable[[Any], Any]:
    match step:
        case Cast():
            return lambda array: _cast(array, np.dtype(step.dtype))
        case Layout():
            return lambda array: _reordered(array, step.old, step.new)
        case Resize():
            axes = (step.layout.index("H"), step.layout.index("W"))
            size = (step.height, step.width)

            def resized(array: Any) -> Any:
                _check_rank(array, step.layout)
                return resize(array, axes, size, step.method)

            return resized
        case Scale():
            by, offset = np.asarray(step.by), np.asarray(step.offset)
            return lambda array: _scaled(array, by, offset, step.axis)
        case Take():
            indices = np.asarray(step.indices)
            return lambda array: array.take(indices, step.axis)
        case LabelMap():
            labels = np.asarray(step.labels, np.int64)
            return lambda array: _labelled(array, labels)


def _cast(array: Any, dtype: Any) -> Any:
    if array.dtype.kind not in "fiub":
        raise ValueError("text is no number")
    with np.errstate(all="ignore"):  # NaN and what is out of range become what the processor makes of them
        return array.astype(dtype, copy=False)


def _check_rank(array: Any, layout: str) -> None:
    if array.ndim != len(layout):
        raise ValueError(f"an array of shape {list(array.shape)} is not {layout}")


def _reordered(array: Any, old: str, new: str) -> Any:
    _check_rank(array, old)
    gone = [letter for letter in old if letter not in new]
    for letter in gone:
        if array.shape[old.index(letter)] != 1:
            raise ValueError(
                f"{letter} has size {array.shape[old.index(letter)]}, and only size 1 can be left out"
            )
    kept = [letter for letter in old if letter in new]
    array = array.squeeze(tuple(old.index(letter) for letter in gone))
    array = array.transpose([kept.index(letter) for letter in new if letter in kept])
    return np.expand_dims(array, tuple(at for at, letter in enumerate(new) if letter not in old))


def _scaled(array: Any, by: Any, offset: Any, axis: int) -> Any:
    if array.dtype.kind not in "fiub":
        raise ValueError("text is no number")
    number = array.dtype if array.dtype.kind == "f" else np.dtype("float32")
    by, offset = (_along(array, factor, axis).astype(number) for factor in (by, offset))
    return array.astype(number, copy=False) * by + offset


def _along(array: Any, factor: Any, axis: int) -> Any:
    if factor.ndim == 0:
        return factor
    if not -array.ndim <= axis < array.ndim or array.shape[axis] != factor.size:
        raise ValueError(
            f"an array of shape {list(array.shape)} has not {factor.size} channels on axis {axis}"
        )
    shape = [1] * array.ndim
    shape[axis] = factor.size
    return factor.reshape(shape)


def _labelled(array: Any, labels: Any) -> Any:
    if array.dtype.kind not in "iu":
        raise ValueError(f"class numbers are integers, not {array.dtype}; `cast` them first")
    if array.size and not 0 <= int(array.min()) <= int(array.max()) < labels.size:
        wrong = array[(array < 0) | (array >= labels.size)].flat[0]
        raise ValueError(f"there is no label for class {wrong}, only for 0 to {labels.size - 1}")
    return labels[array]
