"""What can be changed about one step: a value that it sees, or how long nothing changes; in words and in size."""

from __future__ import annotations

import math

import attrs

from edgeadapt.program.kind import Boolean, Kind, Numeric, Word
from edgeadapt.units import Dimension, format_quantity

Value = float | bool | str | None

# A number this near to the one that is written for it is `just below` or `just above` that one.
_NEAR = 1e-9
_MINUTE_S = 60.0


@attrs.frozen
class ValueChange:
    """A signal or input with another value; `before` and `after` are canonical, words as text, None for unknown.

    `given` is `after` as the `DeviceState` attribute or the host's input takes it. `size` is the difference by the
    range; a flipped boolean, and what becomes known or unknown, has size 1.
    """

    name: str
    kind: Kind
    before: Value
    after: Value
    given: Value
    size: float

    @property
    def text(self) -> str:
        """The change in words: `temperature 1.4 K higher, at 75 °C`."""
        after = written(self.after, self.kind)
        if not isinstance(self.kind, Numeric) or self.before is None or self.after is None:
            return f"{self.name} {after} instead of {written(self.before, self.kind)}"
        assert isinstance(self.before, float)
        assert isinstance(self.after, float)
        step = abs(self.after - self.before)
        way = "higher" if self.after > self.before else "lower"
        if step <= _NEAR * max(abs(self.after), abs(self.before)):
            return f"{self.name} slightly {way}, {_at(after)}"
        return f"{self.name} {_difference(step, self.kind.dimension)} {way}, {_at(after)}"


@attrs.frozen
class Wait:
    """The same values for this much longer: one step now and one after it."""

    nanoseconds: int

    @property
    def size(self) -> float:
        """How large the change is, from 0 to 1: a minute is as much as half a signal's range."""
        seconds = self.nanoseconds / 1e9
        return seconds / (seconds + _MINUTE_S)

    @property
    def text(self) -> str:
        """The change in words: `12 s later`."""
        return f"{format_quantity(self.nanoseconds / 1e6, Dimension.TIME)} later"


Change = ValueChange | Wait


def written(value: Value, kind: Kind) -> str:
    """Write a canonical value as an author would; a number beside a round one is `just below 20%`."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) or not isinstance(kind, Numeric):
        return str(value)
    text = format_quantity(value, kind.dimension)
    round_ = float(f"{value:.6g}")
    if value == round_ or not math.isfinite(round_) or abs(value - round_) > _NEAR * max(abs(value), 1e-300):
        return text
    return f"just {'below' if value < round_ else 'above'} {text}"


def numeric_size(before: float, after: float, low: float, high: float) -> float:
    """Measure a number's change: by its range, and where that has no bounds by the larger of the two."""
    width = high - low
    if not math.isfinite(width):
        width = max(abs(before), abs(after), 1.0)
    return abs(after - before) / width if width > 0 else 0.0


def discrete_size(before: Value, after: Value, kind: Kind) -> float:
    """Measure a change of a word by its place in the order, and any other as 1."""
    if isinstance(kind, Word) and kind.ordered and before is not None and after is not None:
        distance = abs(kind.words.index(str(before)) - kind.words.index(str(after)))
        return distance / max(1, len(kind.words) - 1)
    return 1.0


def is_discrete(kind: Kind) -> bool:
    """Whether a kind has a handful of values."""
    return isinstance(kind, (Boolean, Word))


def _at(text: str) -> str:
    return text if text.startswith("just ") else f"at {text}"


def _difference(step: float, dimension: Dimension) -> str:
    if dimension is Dimension.RATIO:
        points = f"{step:.6g}"
        return f"{points} point" if points == "1" else f"{points} points"
    return format_quantity(step, Dimension.DIFFERENCE if dimension is Dimension.TEMPERATURE else dimension)
