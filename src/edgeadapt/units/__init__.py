"""Dimensions, units and exact conversion to the canonical unit."""

from edgeadapt.units.dimension import CANONICAL_UNIT, Dimension
from edgeadapt.units.quantity import Quantity, QuantityError, format_quantity, parse_quantity
from edgeadapt.units.table import UNITS, Unit, to_canonical, units_of

__all__ = [
    "CANONICAL_UNIT",
    "UNITS",
    "Dimension",
    "Quantity",
    "QuantityError",
    "Unit",
    "format_quantity",
    "parse_quantity",
    "to_canonical",
    "units_of",
]
