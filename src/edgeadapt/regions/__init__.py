"""Exact sets of states: unions of boxes over named axes. Lints, proofs and "why not" are decided with them."""

from edgeadapt.regions.axis import BOOLEANS, Axis
from edgeadapt.regions.region import BEYOND, BUDGET, EVERYTHING, NOTHING, Answer, Box, Region
from edgeadapt.regions.values import Values, after, before

__all__ = [
    "BEYOND",
    "BOOLEANS",
    "BUDGET",
    "EVERYTHING",
    "NOTHING",
    "Answer",
    "Axis",
    "Box",
    "Region",
    "Values",
    "after",
    "before",
]
