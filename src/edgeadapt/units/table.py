"""Every unit of the language, with its exact rational conversion to the canonical unit.

A literal is converted in rational arithmetic and rounded once, to a double, so a threshold compares as it is written.
"""

from __future__ import annotations

from fractions import Fraction

from edgeadapt.units.dimension import Dimension
from edgeadapt.values import frozen


@frozen
class Unit:
    """A unit: canonical value = value * factor + offset, both exact."""

    name: str
    dimension: Dimension
    factor: Fraction
    offset: Fraction = Fraction(0)


def _units() -> dict[str, Unit]:
    rows: list[tuple[str, Dimension, Fraction | int, Fraction | int]] = [
        ("%", Dimension.RATIO, 1, 0),
        ("°C", Dimension.TEMPERATURE, 1, 0),
        ("degC", Dimension.TEMPERATURE, 1, 0),
        ("°F", Dimension.TEMPERATURE, Fraction(5, 9), Fraction(-160, 9)),
        ("degF", Dimension.TEMPERATURE, Fraction(5, 9), Fraction(-160, 9)),
        ("K", Dimension.DIFFERENCE, 1, 0),
        ("B", Dimension.MEMORY, Fraction(1, 10**6), 0),
        ("kB", Dimension.MEMORY, Fraction(1, 1000), 0),
        ("MB", Dimension.MEMORY, 1, 0),
        ("GB", Dimension.MEMORY, 1000, 0),
        ("KiB", Dimension.MEMORY, Fraction(2**10, 10**6), 0),
        ("MiB", Dimension.MEMORY, Fraction(2**20, 10**6), 0),
        ("GiB", Dimension.MEMORY, Fraction(2**30, 10**6), 0),
        ("us", Dimension.TIME, Fraction(1, 1000), 0),
        ("ms", Dimension.TIME, 1, 0),
        ("s", Dimension.TIME, 1000, 0),
        ("min", Dimension.TIME, 60_000, 0),
        ("h", Dimension.TIME, 3_600_000, 0),
        ("mW", Dimension.POWER, Fraction(1, 1000), 0),
        ("W", Dimension.POWER, 1, 0),
        ("Hz", Dimension.FREQUENCY, Fraction(1, 10**6), 0),
        ("kHz", Dimension.FREQUENCY, Fraction(1, 1000), 0),
        ("MHz", Dimension.FREQUENCY, 1, 0),
        ("GHz", Dimension.FREQUENCY, 1000, 0),
    ]
    return {name: Unit(name, dim, Fraction(factor), Fraction(offset)) for name, dim, factor, offset in rows}


UNITS: dict[str, Unit] = _units()


def units_of(dimension: Dimension) -> tuple[str, ...]:
    """List the names of a dimension's units, in the table's order."""
    return tuple(unit.name for unit in UNITS.values() if unit.dimension is dimension)


def to_canonical(number: str, unit: str | None, *, as_difference: bool = False) -> float:
    """Convert a literal (`digits[.digits]`, optionally with `-`) to the canonical unit, rounding once.

    With `as_difference`, a temperature unit is scaled but never shifted. Overflow gives an infinity, which callers
    must refuse.
    """
    value = Fraction(number)
    if unit is not None:
        row = UNITS[unit]
        value *= row.factor
        if not as_difference:
            value += row.offset
    try:
        return float(value)
    except OverflowError:
        return float("-inf") if value < 0 else float("inf")
