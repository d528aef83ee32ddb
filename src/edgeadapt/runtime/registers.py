"""The registers that a lowered program computes with, and the numbers of the operations between them."""

from __future__ import annotations

import attrs

from edgeadapt.runtime.evaluate import Value

# In the order of the C++ enumeration; a test holds the two together.
OP_CODES = (
    "add",
    "subtract",
    "multiply",
    "scale_left",
    "scale_right",
    "divide",
    "divide_by_ratio",
    "negate",
    "number_or",
    "less",
    "less_equal",
    "greater",
    "greater_equal",
    "equal",
    "not_equal",
    "number_known",
    "number_unknown",
    "truth_of",
    "both",
    "either",
    "inverse",
    "same",
    "differ",
    "truth_known",
    "truth_unknown",
    "truth_or",
    "band_less",
    "band_less_equal",
    "band_greater",
    "band_greater_equal",
)
CODES = {name: code for code, name in enumerate(OP_CODES)}


@attrs.frozen
class Column:
    """A number register that a step's input fills."""

    row: int


@attrs.frozen
class Number:
    """A number register that an operation writes."""

    row: int


@attrs.frozen
class Truth:
    """A truth register that an operation writes."""

    row: int


@attrs.frozen
class Known:
    """A value that no step changes; None is unknown, of either kind."""

    value: Value


Operand = Column | Number | Truth | Known
UNKNOWN = Known(None)

Op = tuple[str, Number | Truth, tuple[Operand, ...], int]


def is_truth(operand: Operand) -> bool:
    """Return whether an operand is true, false or unknown rather than a number."""
    return isinstance(operand, Truth) or (isinstance(operand, Known) and isinstance(operand.value, bool))
