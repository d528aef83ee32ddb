"""What is fixed before a session starts: constants combined exactly as at run time, durations in whole nanoseconds."""

from __future__ import annotations

import math

import pytest

from edgeadapt.program.constant import (
    arithmetic,
    constant_value,
    duration_ns,
    milliseconds_to_ns,
    param_values,
    seconds_to_ns,
)
from edgeadapt.program.expr import Arithmetic, Const, Expr, NumberOp, ParamRef, SignalRef
from tests.runtime.world import program


@pytest.mark.parametrize(
    ("milliseconds", "ns"),
    [
        (0.0, 0),
        (1.0, 1_000_000),
        (0.001, 1_000),
        (0.1, 100_000),
        (1e-6, 1),
        (0.4e-6, 0),
        (0.5e-6, 0),
        (1.5e-6, 2),
        (2.5e-6, 3),
        (-1.0, -1_000_000),
        (2.592e9, 2_592_000_000_000_000),
        (1000 / 3, 333_333_333),
    ],
)
def test_milliseconds_are_rounded_once_to_whole_nanoseconds(milliseconds: float, ns: int) -> None:
    assert milliseconds_to_ns(milliseconds) == ns


@pytest.mark.parametrize(
    ("seconds", "ns"),
    [
        (0.0, 0),
        (0.1 + 0.2, 300_000_000),
        (1.1, 1_100_000_000),
        (-2.5, -2_500_000_000),
        (2**-31, 0),
        (3 * 2**-31, 1),
        (123_456.789, 123_456_789_000_000),
        (1.7e9 + 0.25, 1_700_000_000_250_000_000),
    ],
)
def test_seconds_are_rounded_once_to_whole_nanoseconds(seconds: float, ns: int) -> None:
    assert seconds_to_ns(seconds) == ns


def test_the_exact_value_is_rounded_and_not_a_product_that_was_rounded_before() -> None:
    # 4194304.000000001 s is 4194304000000000.93… ns; its product with 1e9 in doubles ends in .0 or .5 by chance.
    for ns in (4_194_304_000_000_001, 9_007_199_254_740_991, 36_000_000_000_000_007 * 10**3):
        seconds = ns / 1e9
        numerator, denominator = seconds.as_integer_ratio()
        assert abs(seconds_to_ns(seconds) * denominator - numerator * 10**9) * 2 <= denominator


def test_half_a_nanosecond_goes_to_the_even_one() -> None:
    half = 2.0**-10 * 1e-9  # no double is half a nanosecond; a power of two over 5**9 would be
    assert seconds_to_ns(half) == 0
    assert milliseconds_to_ns(2.0**-7) == 7812, "7812.5"
    assert milliseconds_to_ns(3 * 2.0**-7) == 23438, "23437.5"


@pytest.mark.parametrize("seconds", [math.nan, math.inf, -math.inf])
def test_a_time_that_is_not_finite_is_a_wrong_call(seconds: float) -> None:
    with pytest.raises(ValueError, match="a time must be a finite number of seconds"):
        seconds_to_ns(seconds)


@pytest.mark.parametrize(
    ("op", "left", "right", "result"),
    [
        (NumberOp.ADD, 1, 2, 3),
        (NumberOp.SUBTRACT, 1, 2, -1),
        (NumberOp.MULTIPLY, 3, 4, 12),
        (NumberOp.SCALE_LEFT, 50, 4, 2),
        (NumberOp.SCALE_RIGHT, 4, 50, 2),
        (NumberOp.DIVIDE, 1, 4, 0.25),
        (NumberOp.DIVIDE_BY_RATIO, 4, 50, 8),
        (NumberOp.SCALE_LEFT, 7, 1.1, (7 / 100) * 1.1),
        (NumberOp.SCALE_RIGHT, 1.1, 7, 1.1 * (7 / 100)),
        (NumberOp.DIVIDE_BY_RATIO, 1.1, 7, 1.1 / (7 / 100)),
        (NumberOp.DIVIDE, 1, 0, None),
        (NumberOp.DIVIDE, 0, 0, None),
        (NumberOp.DIVIDE_BY_RATIO, 1, 0, None),
        (NumberOp.DIVIDE_BY_RATIO, 1, 5e-324, None),
        (NumberOp.MULTIPLY, 1e200, 1e200, None),
        (NumberOp.ADD, 1.7e308, 1.7e308, None),
        (NumberOp.SUBTRACT, -1.7e308, 1.7e308, None),
        (NumberOp.DIVIDE, 1e200, 1e-200, None),
    ],
)
def test_two_numbers_combine_or_have_no_finite_result(
    op: NumberOp, left: float, right: float, result: float | None
) -> None:
    assert arithmetic(op, float(left), float(right)) == result


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        ("2 s", 2_000_000_000),
        ("2 * d", 3_000_000_000),
        ("d + 1 ms / 4", 1_500_250_000),
        ("50% * d", 750_000_000),
        ("d / 50%", 3_000_000_000),
        ("-(-d)", 1_500_000_000),
        ("d * (n - 1)", 3_000_000_000),
        ("1 us / 3", 333),
        ("1 min", 60_000_000_000),
    ],
)
def test_a_duration_is_a_constant_expression_over_literals_and_parameters(text: str, ns: int) -> None:
    compiled = program(f"param d = 1.5 s param n = 3 rule r {{ when true for {text} use a }} otherwise use b")
    assert duration_ns(compiled.rules[0].for_, param_values(compiled)) == ns


def test_a_duration_that_is_not_written_is_none() -> None:
    assert duration_ns(None, {}) == 0


@pytest.mark.parametrize("expr", [SignalRef("cpu"), Const(math.inf, "?")])
def test_what_is_no_constant_is_no_duration(expr: Expr) -> None:
    with pytest.raises((ValueError, OverflowError)):
        duration_ns(expr, {})


def test_what_is_no_constant_has_no_value() -> None:
    assert constant_value(SignalRef("cpu"), {}) is None
    by_zero = Arithmetic(NumberOp.DIVIDE, Const(1.0, "1"), ParamRef("n"))
    assert constant_value(by_zero, {"n": 0.0}) is None
    assert constant_value(by_zero, {"n": 4.0}) == 0.25
