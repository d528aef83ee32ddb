"""The table of dimensions of the language reference, row by row."""

import pytest

from edgeadapt.language.arithmetic_rules import combine
from edgeadapt.units import Dimension as D


@pytest.mark.parametrize(
    ("op", "left", "right", "result"),
    [
        ("+", D.MEMORY, D.MEMORY, D.MEMORY),
        ("+", D.MEMORY, D.TIME, None),
        ("+", D.NUMBER, D.RATIO, None),
        ("+", D.TEMPERATURE, D.TEMPERATURE, None),
        ("+", D.TEMPERATURE, D.DIFFERENCE, D.TEMPERATURE),
        ("-", D.TEMPERATURE, D.TEMPERATURE, D.DIFFERENCE),
        ("-", D.DIFFERENCE, D.TEMPERATURE, None),
        ("*", D.NUMBER, D.TIME, D.TIME),
        ("*", D.MEMORY, D.RATIO, D.MEMORY),
        ("*", D.RATIO, D.RATIO, D.RATIO),
        ("*", D.MEMORY, D.MEMORY, None),
        ("*", D.NUMBER, D.TEMPERATURE, None),
        ("/", D.TIME, D.TIME, D.NUMBER),
        ("/", D.RATIO, D.RATIO, D.NUMBER),
        ("/", D.TIME, D.RATIO, D.TIME),
        ("/", D.NUMBER, D.TIME, None),
        ("/", D.TEMPERATURE, D.NUMBER, None),
    ],
)
def test_two_dimensions_combine_as_the_table_says(op: str, left: D, right: D, result: D | None) -> None:
    combined = combine(op, left, right)
    assert (combined.dimension if combined else None) is result
