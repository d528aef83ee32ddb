"""The compiled policy as plain data, and what a step returns."""

from edgeadapt.program.decision import Decision
from edgeadapt.program.params import ParameterError
from edgeadapt.program.program import Program

__all__ = ["Decision", "ParameterError", "Program"]
