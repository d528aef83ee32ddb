"""Literals are converted exactly, with one rounding."""

import pytest

from edgeadapt.units import Dimension, QuantityError, parse_quantity, to_canonical


@pytest.mark.parametrize(
    ("number", "unit", "canonical"),
    [
        ("45", "ms", 45.0),
        ("1", "min", 60_000.0),
        ("0.1", "s", 100.0),
        ("1", "MiB", 1.048576),
        ("212", "°F", 100.0),
    ],
)
def test_a_literal_is_converted_to_the_canonical_unit(number: str, unit: str, canonical: float) -> None:
    assert to_canonical(number, unit) == canonical


def test_a_temperature_difference_is_scaled_but_not_shifted() -> None:
    assert to_canonical("9", "°F", as_difference=True) == 5.0


@pytest.mark.parametrize("text", ["", "abc", "1e3", "5 parsec", "9" * 1000, "40 ms extra"])
def test_what_is_no_quantity_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_quantity(text)
    assert "\n" not in str(caught.value)


def test_a_quantity_of_another_dimension_is_refused() -> None:
    with pytest.raises(QuantityError, match="a time is needed"):
        parse_quantity("15%", Dimension.TIME)
