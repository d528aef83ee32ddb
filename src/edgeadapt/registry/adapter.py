"""An adapter's steps as values: what is done to inputs before a model, and to its outputs after; data, never code.

What a step does with arrays is in `edgeadapt.backends.adapter_steps`; this file checks what a step may say.
"""

from __future__ import annotations

import math
from typing import Any

import attrs

from edgeadapt.registry.field_checks import DTYPES, as_tuple, finite, name_text, one_of, whole
from edgeadapt.values import frozen
from edgeadapt.wording import shown

NUMERIC_DTYPES = tuple(name for name in DTYPES if name != "str")
METHODS = ("nearest", "linear", "area")
_MAX_SIDE = 1 << 16
_MAX_ITEMS = 1 << 20
# 4096 x 4096: a slip in a size must not take a device's memory, at the load or at each inference.
_MAX_VALUES = 1 << 24
_MAX_RANK = 32
_axis = whole(-16, 15)


def _layout(_: Any, field: Any, value: Any) -> None:
    letters = set(value) if isinstance(value, str) else set()
    if not {"H", "W"} <= letters <= set("NCHW") or len(letters) != len(value):
        raise ValueError(
            f"`{field.name}` is an order of H, W and maybe N and C, such as NCHW or HWC, not {shown(value)}"
        )


def _sizes(_: Any, field: Any, value: Any) -> None:
    if not isinstance(value, tuple) or not all(type(item) is int and item >= 0 for item in value):
        raise TypeError(f"`{field.name}` is a list of whole numbers, not {shown(value)}")


def _constant_shape(_: Any, field: Any, value: Any) -> None:
    _sizes(_, field, value)
    if len(value) > _MAX_RANK:
        raise ValueError(f"`{field.name}` has at most {_MAX_RANK} sizes, not {len(value)}")
    if math.prod(value) > _MAX_VALUES:
        raise ValueError(
            f"a constant has at most {_MAX_VALUES} values, and `{field.name}` makes it {shown(math.prod(value))}"
        )


def _indices(_: Any, field: Any, value: Any) -> None:
    _sizes(_, field, value)
    if not 0 < len(value) <= _MAX_ITEMS:
        raise ValueError(f"`{field.name}` has between 1 and {_MAX_ITEMS} items, not {len(value)}")


def _factor(_: Any, field: Any, value: Any) -> None:
    items = value if isinstance(value, tuple) else (value,)
    if not items:
        raise ValueError(f"`{field.name}` is a number, or a list with one for each channel")
    for item in items:
        finite(field.name, item)


def _filling(_: Any, field: Any, value: Any) -> None:
    if not isinstance(value, bool):
        finite(field.name, value)


@frozen
class Rename:
    """Call a tensor by another name."""

    old: str = attrs.field(validator=name_text)
    new: str = attrs.field(validator=name_text)


@frozen
class Drop:
    """Leave a tensor out."""

    name: str = attrs.field(validator=name_text)


@frozen
class Constant:
    """Add a tensor that is `value` all over."""

    name: str = attrs.field(validator=name_text)
    value: float | bool = attrs.field(validator=_filling)
    dtype: str = attrs.field(default="float32", validator=one_of(NUMERIC_DTYPES))
    shape: tuple[int, ...] = attrs.field(default=(), converter=as_tuple, validator=_constant_shape)


@frozen
class Cast:
    """Convert numbers to another type, as NumPy's `astype` does: a fraction is cut off."""

    name: str = attrs.field(validator=name_text)
    dtype: str = attrs.field(validator=one_of(NUMERIC_DTYPES))


@frozen
class Layout:
    """Put axes into another order; an axis that is new has size 1, one that goes must have size 1."""

    name: str = attrs.field(validator=name_text)
    old: str = attrs.field(validator=_layout)
    new: str = attrs.field(validator=_layout)


@frozen
class Resize:
    """Bring images to `height` x `width`; pixels are squares, so that borders, not centres, fall on one another.

    `nearest` takes the pixel that the middle of the new one lies in; `linear` goes straight between the middles of the
    nearest pixels, without smoothing; `area` is the mean of what the new pixel covers.
    """

    name: str = attrs.field(validator=name_text)
    height: int = attrs.field(validator=whole(1, _MAX_SIDE))
    width: int = attrs.field(validator=whole(1, _MAX_SIDE))
    method: str = attrs.field(default="linear", validator=one_of(METHODS))
    layout: str = attrs.field(default="NCHW", validator=_layout)

    def __attrs_post_init__(self) -> None:
        pixels = self.height * self.width
        if pixels > _MAX_VALUES:
            raise ValueError(
                f"`height` times `width` is at most {_MAX_VALUES} pixels, not {self.height} * {self.width} = {pixels}"
            )


@frozen
class Scale:
    """Multiply by `by`, then add `offset`; a list has one number for each index of `axis`. Whole numbers become float32."""

    name: str = attrs.field(validator=name_text)
    by: float | tuple[float, ...] = attrs.field(default=1.0, converter=as_tuple, validator=_factor)
    offset: float | tuple[float, ...] = attrs.field(default=0.0, converter=as_tuple, validator=_factor)
    axis: int = attrs.field(default=1, validator=_axis)

    def __attrs_post_init__(self) -> None:
        if isinstance(self.by, tuple) and isinstance(self.offset, tuple) and len(self.by) != len(self.offset):
            raise ValueError(
                f"`by` has {len(self.by)} numbers and `offset` {len(self.offset)}; give each channel one of both"
            )


@frozen
class Take:
    """Pick and order entries along an axis: the new entry j is the old entry `indices[j]`."""

    name: str = attrs.field(validator=name_text)
    indices: tuple[int, ...] = attrs.field(converter=as_tuple, validator=_indices)
    axis: int = attrs.field(default=-1, validator=_axis)


@frozen
class LabelMap:
    """Translate class numbers: the number k becomes `labels[k]`."""

    name: str = attrs.field(validator=name_text)
    labels: tuple[int, ...] = attrs.field(converter=as_tuple, validator=_indices)


Step = Rename | Drop | Constant | Cast | Layout | Resize | Scale | Take | LabelMap
# What a step is called in a family file; its keys are the fields.
STEPS: dict[str, type[Step]] = {
    "rename": Rename,
    "drop": Drop,
    "constant": Constant,
    "cast": Cast,
    "layout": Layout,
    "resize": Resize,
    "scale": Scale,
    "take": Take,
    "label_map": LabelMap,
}


def step_key(step: Step) -> str:
    """Return what a step is called in a family file."""
    return next(key for key, kind in STEPS.items() if type(step) is kind)


@frozen
class AdapterSteps:
    """What one variant needs to meet its family's contract, in order."""

    inputs: tuple[Step, ...] = attrs.field(default=(), converter=as_tuple)
    outputs: tuple[Step, ...] = attrs.field(default=(), converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        for side, steps in (("inputs", self.inputs), ("outputs", self.outputs)):
            if not isinstance(steps, tuple) or not all(type(step) in STEPS.values() for step in steps):
                raise TypeError(f"an adapter's {side} are steps such as Rename, not {shown(steps)}")
