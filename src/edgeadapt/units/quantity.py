"""Quantities as people write them outside a policy: `15%`, `40 ms`, `-3.5 °C`, in arguments and overrides."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from edgeadapt.units.dimension import CANONICAL_UNIT, Dimension
from edgeadapt.units.slips import in_own_unit, meant_unit
from edgeadapt.units.table import UNITS, to_canonical
from edgeadapt.values import frozen
from edgeadapt.wording import shown

_LITERAL = re.compile(r"\s*(-?[0-9]+(?:\.[0-9]+)?)[ \t]*([^\s0-9]+)?\s*\Z", re.ASCII)
# Longer numerals carry no more information than a double holds, and exact conversion of huge ones is slow.
_MAX_NUMERAL = 400


@frozen
class Quantity:
    """A number in its dimension's canonical unit."""

    value: float
    dimension: Dimension


class QuantityError(ValueError):
    """A text is no quantity, or one of another dimension than asked for."""


def parse_quantity(text: str, expected: Dimension | None = None) -> Quantity:
    """Read `text` as one literal with an optional unit.

    With `expected`, a bare number is taken in that dimension's canonical unit, and any other dimension is refused.
    Raises QuantityError with one line that says what would be right.
    """
    match = _LITERAL.match(text) if len(text) <= _MAX_NUMERAL else None
    if match is None:
        raise QuantityError(f"`{text[:40]}` is not a number with a unit, such as `{_example(expected)}`")
    number, unit = match.group(1), match.group(2)
    unit = {"µs": "us", "μs": "us", "℃": "°C", "℉": "°F"}.get(unit, unit) if unit else None
    if unit is not None and unit not in UNITS:
        raise QuantityError(f"{shown(unit)} is not a unit; {_remedy(number, unit)}")
    dimension = UNITS[unit].dimension if unit is not None else (expected or Dimension.NUMBER)
    as_difference = expected is Dimension.DIFFERENCE and dimension is Dimension.TEMPERATURE
    if expected is not None and dimension is not expected and not as_difference:
        raise QuantityError(
            f"`{text.strip()}` is a {dimension.value}, but a {expected.value} is needed, such as `{_example(expected)}`"
        )
    value = to_canonical(number, unit, as_difference=as_difference)
    if not math.isfinite(value):
        raise QuantityError(f"`{text.strip()[:40]}` is too large for a number")
    return Quantity(value, expected or dimension)


def _remedy(number: str, unit: str) -> str:
    meant, own = meant_unit(unit), in_own_unit(unit)
    if meant:
        return f"write `{number} {meant}`"
    if own:
        factor, larger = own
        return f"write `{(Decimal(number) * factor).normalize():f} {larger}`"
    return f"known units: {', '.join(UNITS)}"


def format_quantity(value: float, dimension: Dimension) -> str:
    """Write a canonical value the way a person would read it: `15%`, `512 MB`, `1.5 s`."""
    unit = CANONICAL_UNIT[dimension]
    if dimension is Dimension.TIME and abs(value) >= 1000:
        value, unit = (value / 1000, "s") if abs(value) < 600_000 else (value / 60_000, "min")
    elif dimension is Dimension.MEMORY and abs(value) >= 10_000:
        value, unit = value / 1000, "GB"
    text = f"{value:.6g}"
    return f"{text}%" if unit == "%" else f"{text} {unit}".rstrip()


def _example(dimension: Dimension | None) -> str:
    examples = {
        Dimension.NUMBER: "3.5",
        Dimension.RATIO: "15%",
        Dimension.TEMPERATURE: "70 °C",
        Dimension.DIFFERENCE: "5 K",
    }
    examples |= {
        Dimension.MEMORY: "512 MB",
        Dimension.TIME: "40 ms",
        Dimension.POWER: "2.5 W",
        Dimension.FREQUENCY: "30 Hz",
    }
    return examples[dimension] if dimension is not None else "15%"
