"""A program's conditions as exact sets of states: where each is true, false and unknown."""

from edgeadapt.program.conditions.conditions import Conditions, View
from edgeadapt.program.conditions.truth import Truth

__all__ = ["Conditions", "Truth", "View"]
