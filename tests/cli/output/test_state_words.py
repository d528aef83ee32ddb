"""Sets of values in the words of the language."""

from __future__ import annotations

import pytest

from edgeadapt.cli.output.state_words import values_words
from edgeadapt.program.kind import Boolean, Kind, Numeric, Word
from edgeadapt.regions import Axis, Values, after, before
from edgeadapt.replay.knobs import Knob
from edgeadapt.units import Dimension

PERCENT = Numeric(Dimension.RATIO)
FULL = Values.between(0.0, 100.0, unknown=True)
WORDS = Word(("off", "low", "high"), True)


def words(values: Values, kind: Kind = PERCENT, full: Values = FULL) -> str:
    return values_words(Axis("x", full), values, Knob("x", kind, 0.0, 100.0, True, None, None))


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (Values.between(0, before(20)), "x < 20%"),
        (Values.between(0, 20), "x <= 20%"),
        (Values.between(20, 100), "x >= 20%"),
        (Values.between(after(20), 100, unknown=True), "x > 20% or unknown"),
        (Values.between(20, before(30)), "20% <= x < 30%"),
        (Values.between(after(20), 30), "20% < x <= 30%"),
        (Values.of(20), "x = 20%"),
        (Values(((0, 5), (10, 100))), "x <= 5% or x >= 10%"),
        (Values.between(0, 100), "x is known"),
        (Values((), unknown=True), "x is unknown"),
    ],
)
def test_numbers(values: Values, text: str) -> None:
    assert words(values) == text


def test_booleans_and_words() -> None:
    full = Values.of(0.0, 1.0, unknown=True)
    told = [Values.of(1.0), Values.of(0.0), Values.of(0.0, unknown=True), Values((), unknown=True)]
    assert [words(each, Boolean(), full) for each in told] == [
        *("x", "not x", "x is false or unknown", "x is unknown")
    ]
    full = Values.of(0.0, 1.0, 2.0, unknown=True)
    assert words(Values.of(0.0, 2.0, unknown=True), WORDS, full) == "x is off or high or unknown"
    assert words(Values.of(0.0, 1.0, 2.0), WORDS, full) == "x is known"
