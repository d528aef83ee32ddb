"""The table of dimensions of the language reference, row by row."""

import pytest

from edgeadapt.language.arithmetic_rules import combine
from edgeadapt.units import Dimension


@pytest.mark.parametrize(
    ("op", "left", "right", "result"),
    [
        ("+", Dimension.MEMORY, Dimension.MEMORY, Dimension.MEMORY),
        ("+", Dimension.MEMORY, Dimension.TIME, None),
        ("+", Dimension.NUMBER, Dimension.RATIO, None),
        ("+", Dimension.TEMPERATURE, Dimension.TEMPERATURE, None),
        ("+", Dimension.TEMPERATURE, Dimension.DIFFERENCE, Dimension.TEMPERATURE),
        ("-", Dimension.TEMPERATURE, Dimension.TEMPERATURE, Dimension.DIFFERENCE),
        ("-", Dimension.DIFFERENCE, Dimension.TEMPERATURE, None),
        ("*", Dimension.NUMBER, Dimension.TIME, Dimension.TIME),
        ("*", Dimension.MEMORY, Dimension.RATIO, Dimension.MEMORY),
        ("*", Dimension.RATIO, Dimension.RATIO, Dimension.RATIO),
        ("*", Dimension.MEMORY, Dimension.MEMORY, None),
        ("*", Dimension.NUMBER, Dimension.TEMPERATURE, None),
        ("/", Dimension.TIME, Dimension.TIME, Dimension.NUMBER),
        ("/", Dimension.RATIO, Dimension.RATIO, Dimension.NUMBER),
        ("/", Dimension.TIME, Dimension.RATIO, Dimension.TIME),
        ("/", Dimension.NUMBER, Dimension.TIME, None),
        ("/", Dimension.TEMPERATURE, Dimension.NUMBER, None),
    ],
)
def test_two_dimensions_combine_as_the_table_says(
    op: str, left: Dimension, right: Dimension, result: Dimension | None
) -> None:
    combined = combine(op, left, right)
    assert (combined.dimension if combined else None) is result
