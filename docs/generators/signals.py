"""Writes the tables of what a policy may ask for: signals, attributes of variants, and units, from their schemas."""

from __future__ import annotations

from docs.generators.markdown import table
from edgeadapt.registry.variant import VARIANT_ATTRIBUTES, VariantAttribute
from edgeadapt.state import SIGNALS
from edgeadapt.state.signal import Signal
from edgeadapt.units import CANONICAL_UNIT, UNITS, Dimension, units_of

# The widest ranges are bounds against nonsense: said in units that a person would say them in.
_WIDE = {Dimension.TIME: "h", Dimension.MEMORY: "GB", Dimension.FREQUENCY: "GHz"}


def signals() -> str:
    """Return the table of signals."""
    return table(
        ["signal", "kind", "is", "attribute"],
        [
            [
                f"`{signal.name}`",
                _kind(signal) + ("" if signal.optional else "; always known"),
                signal.doc,
                f"`{signal.attribute}`",
            ]
            for signal in SIGNALS.values()
        ],
    )


def attributes() -> str:
    """Return the table of a variant's attributes."""
    return table(
        ["name", "kind", "is", "key in `metadata`"],
        [[f"`{row.name}`", _kind(row), row.doc, f"`{row.attribute}`"] for row in VARIANT_ATTRIBUTES.values()],
    )


def units() -> str:
    """Return the table of units."""
    return table(
        ["kind", "units", "canonical"],
        [
            [
                dimension.value,
                ", ".join(f"`{unit}`" for unit in units_of(dimension)),
                f"`{CANONICAL_UNIT[dimension]}`",
            ]
            for dimension in Dimension
            if units_of(dimension)
        ],
    )


def _kind(row: Signal | VariantAttribute) -> str:
    if row.words:
        return " < ".join(f"`{word}`" for word in row.words)
    return (
        f"{row.dimension.value}, {_bounds(row.dimension, row.low, row.high)}" if row.dimension else "boolean"
    )


def _bounds(dimension: Dimension, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "any"
    unit = CANONICAL_UNIT[dimension]
    wide = _WIDE.get(dimension)
    if wide is not None and high >= UNITS[wide].factor:
        high, unit = float(high / UNITS[wide].factor), wide
    return f"{low:g} to {high:.15g} {unit}".rstrip()
