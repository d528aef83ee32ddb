"""What a signal is: its name in the language, its attribute, kind, range and unit.

The one table of signals is the attribute metadata of `DeviceState`; this file only says what a row looks like.
"""

from __future__ import annotations

import math
from enum import Enum
from typing import Any

import attrs

from edgeadapt.units import Dimension
from edgeadapt.values import frozen

_METADATA_KEY = "edgeadapt.signal"


class SignalKind(Enum):
    """What values a signal takes."""

    NUMERIC = "numeric"
    BOOLEAN = "boolean"
    WORD = "word"


@frozen
class Signal:
    """One row of the schema; `low` and `high` are in the dimension's canonical unit.

    `scale` turns the attribute's unit into the canonical one: canonical value = attribute value * scale.
    """

    name: str
    attribute: str
    kind: SignalKind
    dimension: Dimension | None
    low: float | None
    high: float | None
    optional: bool
    words: tuple[str, ...]
    ordered: bool
    scale: float
    doc: str

    def to_canonical(self, value: float) -> float:
        """Convert a value in the attribute's unit to the canonical unit."""
        if self.scale == 1.0:
            return value
        # A factor below 1 is no double: dividing by its exact reciprocal rounds once instead of twice.
        return value * self.scale if self.scale > 1.0 else value / round(1.0 / self.scale)

    def from_canonical(self, value: float) -> float:
        """Convert a canonical value to the attribute's unit, so that `to_canonical` gives it back where it can."""
        if self.scale == 1.0:
            return value
        near = value / self.scale if self.scale > 1.0 else value * round(1.0 / self.scale)
        # Rounding twice can miss by one place; of the numbers that mean `value`, the shortest is what was recorded.
        candidates = (near, math.nextafter(near, -math.inf), math.nextafter(near, math.inf))
        exact = [number for number in candidates if self.to_canonical(number) == value]
        return min(exact, key=lambda number: len(repr(number)), default=near)


def numeric(
    name: str,
    dimension: Dimension,
    bounds: tuple[float, float],
    doc: str,
    *,
    optional: bool = True,
    scale: float = 1.0,
) -> dict[str, Any]:
    """Declare a numeric signal as attribute metadata; `bounds` are canonical."""
    low, high = bounds
    return _row(Signal(name, "", SignalKind.NUMERIC, dimension, low, high, optional, (), False, scale, doc))


def boolean(name: str, doc: str) -> dict[str, Any]:
    """Declare an optional true-or-false signal as attribute metadata."""
    return _row(Signal(name, "", SignalKind.BOOLEAN, None, None, None, True, (), False, 1.0, doc))


def ordered_words(name: str, words: tuple[str, ...], doc: str) -> dict[str, Any]:
    """Declare an optional signal whose values are words, lowest first, as attribute metadata."""
    return _row(Signal(name, "", SignalKind.WORD, None, None, None, True, words, True, 1.0, doc))


def signal_table(state_type: type[attrs.AttrsInstance]) -> dict[str, Signal]:
    """Collect the signals that an attrs class declares, by language name, in the order of its attributes."""
    table: dict[str, Signal] = {}
    for attribute in attrs.fields(state_type):
        declared: Signal | None = attribute.metadata.get(_METADATA_KEY)
        if declared is not None:
            table[declared.name] = attrs.evolve(declared, attribute=attribute.name)
    return table


def _row(signal: Signal) -> dict[str, Any]:
    return {_METADATA_KEY: signal}
