"""Literals are converted exactly, with one rounding."""

from contextlib import suppress
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeadapt.units import (
    CANONICAL_UNIT,
    UNITS,
    Dimension,
    QuantityError,
    format_quantity,
    parse_quantity,
    to_canonical,
    units_of,
)

NUMERALS = st.from_regex(r"-?[0-9]{1,18}(\.[0-9]{1,18})?", fullmatch=True, alphabet="0123456789-.")
# Exact factors as anyone would write them, kept apart from the table under test.
FACTORS = {
    "kB": "0.001", "MB": "1", "GB": "1000", "B": "0.000001", "KiB": "0.001024", "MiB": "1.048576", "GiB": "1073.741824",
    "us": "0.001", "ms": "1", "s": "1000", "min": "60000", "h": "3600000", "mW": "0.001", "W": "1",
    "Hz": "0.000001", "kHz": "0.001", "MHz": "1", "GHz": "1000", "%": "1", "K": "1", "°C": "1", "degC": "1",
}  # fmt: skip


@pytest.mark.parametrize(
    ("number", "unit", "canonical"),
    [
        ("45", "ms", 45.0),
        ("1", "min", 60_000.0),
        ("0.1", "s", 100.0),
        ("1", "MiB", 1.048576),
        ("212", "°F", 100.0),
        ("-40", "degF", -40.0),
        ("0.3", "%", 0.3),
        ("1.1", "GB", 1100.0),
        ("0.7", "us", 0.0007),
        ("5", None, 5.0),
    ],
)
def test_a_literal_is_converted_to_the_canonical_unit(
    number: str, unit: str | None, canonical: float
) -> None:
    assert to_canonical(number, unit) == canonical


@given(NUMERALS, st.sampled_from(sorted(FACTORS)))
def test_a_conversion_is_exact_decimal_arithmetic_rounded_once(number: str, unit: str) -> None:
    with localcontext() as context:
        context.prec = 200
        assert to_canonical(number, unit) == float(Decimal(number) * Decimal(FACTORS[unit]))


@given(NUMERALS)
def test_a_literal_in_the_canonical_unit_is_the_double_that_python_reads(number: str) -> None:
    for unit in filter(None, CANONICAL_UNIT.values()):
        assert to_canonical(number, unit) == float(number)


@given(NUMERALS)
def test_fahrenheit_is_rounded_once_too(number: str) -> None:
    with localcontext() as context:
        context.prec = 200
        assert to_canonical(number, "°F") == pytest.approx(
            float((Decimal(number) - 32) * 5 / 9), rel=1e-15, abs=1e-13
        )


def test_a_temperature_difference_is_scaled_but_not_shifted() -> None:
    assert to_canonical("9", "°F", as_difference=True) == 5.0
    assert to_canonical("5", "°C", as_difference=True) == 5.0


def test_every_unit_but_fahrenheit_has_its_factor_checked_here() -> None:
    assert set(UNITS) - set(FACTORS) == {"°F", "degF"}
    assert all(UNITS[unit].dimension is dimension for dimension in Dimension for unit in units_of(dimension))


def test_a_huge_literal_is_infinite_and_not_an_exception() -> None:
    assert to_canonical("9" * 320, "h") == float("inf")
    assert to_canonical("-" + "9" * 320, "h") == float("-inf")


@pytest.mark.parametrize(
    "text", ["", "abc", "1e3", "5 parsec", "9" * 1000, "40 ms extra", "5 5 s", "--5 s", "٣ s"]
)
def test_what_is_no_quantity_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_quantity(text)
    assert "\n" not in str(caught.value)


@given(st.text(max_size=30))
def test_any_text_is_a_quantity_or_refused(text: str) -> None:
    with suppress(QuantityError):
        parse_quantity(text)


def test_a_quantity_of_another_dimension_is_refused() -> None:
    with pytest.raises(QuantityError, match="a time is needed"):
        parse_quantity("15%", Dimension.TIME)


@given(st.floats(-1e9, 1e9), st.sampled_from(list(Dimension)))
def test_what_is_shown_can_be_read_again(value: float, dimension: Dimension) -> None:
    shown = format_quantity(value, dimension)
    if "e" not in shown:
        assert parse_quantity(shown, dimension).value == pytest.approx(value, rel=1e-5, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "right"),
    [("70C", "70 °C"), ("512Mb", "512 MB"), ("5m", "5 min"), ("20 percent", "20 %"), ("1.5 sec", "1.5 s")],
)
def test_a_misspelt_unit_gets_the_one_that_was_meant(text: str, right: str) -> None:
    with pytest.raises(QuantityError, match=f"is not a unit; write `{right}`"):
        parse_quantity(text)


@pytest.mark.parametrize(
    ("text", "right"), [("5 TB", "5000 GB"), ("0.5TiB", "512 GiB"), ("2 days", "48 h"), ("1.5 kW", "1500 W")]
)
def test_a_unit_that_the_language_has_not_is_written_in_one_that_it_has(text: str, right: str) -> None:
    with pytest.raises(QuantityError, match=f"is not a unit; write `{right}`"):
        parse_quantity(text)
    assert parse_quantity(right).value > 0


def test_a_unit_that_stands_for_none_gets_the_list() -> None:
    with pytest.raises(QuantityError, match="`furlong` is not a unit; known units: %, °C, "):
        parse_quantity("5 furlong")
