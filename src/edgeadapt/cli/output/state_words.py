"""Sets of states in words: `battery < 20% and not charging`, and a value's end as the author would have written it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from edgeadapt.program.kind import Boolean, Numeric, Word
from edgeadapt.regions import Axis, Region, Values
from edgeadapt.replay.knobs import Knob
from edgeadapt.units import Dimension, format_quantity

# A double this near to a round number stands beside a threshold that is that number.
_NEAR = 1e-9


def region_words(region: Region, kinds: Mapping[str, Knob]) -> list[str]:
    """Return a text for each box, which together are the region; empty texts for everything."""
    return [
        " and ".join(values_words(axis, values, kinds[axis.name]) for axis, values in box.items())
        for box in region.boxes
    ]


def values_words(axis: Axis, values: Values, knob: Knob) -> str:
    """Write which values of one signal or input are meant."""
    name = axis.name
    if not values.spans:
        return f"{name} is unknown"
    if values.spans == axis.full.spans:
        return f"{name} is known"
    match knob.kind:
        case Boolean():
            is_true = values.spans[0][0] == 1.0
            if values.unknown:
                return f"{name} is {'true' if is_true else 'false'} or unknown"
            return name if is_true else f"not {name}"
        case Word(words=words):
            meant = [word for index, word in enumerate(words) if index in values]
            return f"{name} is {' or '.join([*meant, *(['unknown'] if values.unknown else [])])}"
        case Numeric(dimension=dimension):
            bounds = axis.full.spans[0][0], axis.full.spans[-1][1]
            parts = [_span(name, span, bounds, dimension) for span in values.spans]
            return " or ".join([*parts, *(["unknown"] if values.unknown else [])])


def _span(name: str, span: tuple[float, float], bounds: tuple[float, float], dimension: Dimension) -> str:
    low, high = span
    if low == high:
        return f"{name} = {_number(low, dimension)}"
    lower = "" if low <= bounds[0] else f"{_number(low, dimension)} {'<' if _is_past(low) else '<='} "
    upper = "" if high >= bounds[1] else f" {'<' if _is_short(high) else '<='} {_number(high, dimension)}"
    if lower and not upper:
        return f"{name} {'>' if _is_past(low) else '>='} {_number(low, dimension)}"
    return f"{lower}{name}{upper}"


def _number(value: float, dimension: Dimension) -> str:
    return format_quantity(_round(value), dimension)


def _round(value: float) -> float:
    near = float(f"{value:.6g}")
    is_near = math.isfinite(near) and abs(value - near) <= _NEAR * max(abs(value), 1e-300)
    return near if is_near else value


def _is_past(low: float) -> bool:
    """Whether a lower end is the double after the number that is meant."""
    return low > _round(low)


def _is_short(high: float) -> bool:
    return high < _round(high)


def values_data(values: Values, knob: Knob) -> Iterator[tuple[str, object]]:
    """Yield JSON data of some values: words or booleans as `values`, numbers as `spans` in the canonical unit."""
    match knob.kind:
        case Boolean():
            yield "values", [bool(low) for low, _ in values.spans]
        case Word(words=words):
            yield "values", [word for index, word in enumerate(words) if index in values]
        case Numeric():
            yield "spans", [list(span) for span in values.spans]
    yield "unknown", values.unknown
