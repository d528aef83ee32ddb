"""Sections 2 and 3 of the language: what an expression is worth, and what is unknown."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import pytest

from edgeadapt.runtime import Session
from tests.runtime.world import ABC, MEASURED, S, at, plain, session, state

HEAD = "input x: number  input y: number  input d: time  input e: bool  input f: bool  input mood: one of sad, calm, merry"
TRUTHS = (True, False, None)


def worth(expr: str, signals: dict[str, Any] | None = None, **inputs: Any) -> bool | None:
    """Return what a condition is worth in one step."""
    opened = session(f"{HEAD} rule r {{ when {expr} use a }} otherwise use b")
    explanation = opened.step(state(0, **(signals or {})), inputs, explain=True).explanation
    assert explanation is not None
    return explanation.rules[0].when.value


def _and(a: bool | None, b: bool | None) -> bool | None:
    return False if a is False or b is False else None if a is None or b is None else True


def _or(a: bool | None, b: bool | None) -> bool | None:
    return True if a is True or b is True else None if a is None or b is None else False


@pytest.fixture(scope="module")
def logic() -> Session:
    rules = {"both": "e and f", "either": "e or f", "neither": "not e", "same": "e == f", "other": "e != f"}
    text = " ".join(f"rule {name} {{ when {expr} use a }}" for name, expr in rules.items())
    return session(f"{HEAD} {text} otherwise use b")


@pytest.mark.parametrize(("e", "f"), list(itertools.product(TRUTHS, TRUTHS)))
def test_and_or_not_are_kleenes_and_equality_of_booleans_needs_both(
    logic: Session, e: bool | None, f: bool | None
) -> None:
    explanation = logic.step(state(0), {"e": e, "f": f}, explain=True).explanation
    assert explanation is not None
    equal = None if e is None or f is None else e == f
    assert {rule.name: rule.when.value for rule in explanation.rules} == {
        "both": _and(e, f),
        "either": _or(e, f),
        "neither": None if e is None else not e,
        "same": equal,
        "other": None if equal is None else not equal,
    }


@pytest.mark.parametrize(
    ("op", "truths"),
    [
        ("<", (True, False, False)),
        ("<=", (True, True, False)),
        (">", (False, False, True)),
        (">=", (False, True, True)),
        ("==", (False, True, False)),
        ("!=", (True, False, True)),
    ],
)
def test_a_comparison_holds_on_its_side_of_the_threshold(op: str, truths: tuple[bool, ...]) -> None:
    assert (
        tuple(worth(f"x {op} 10", x=value) for value in (math.nextafter(10, 0), 10, math.nextafter(10, 11)))
        == truths
    )
    assert worth(f"x {op} 10", x=None) is None
    assert worth(f"10 {op} x", x=None) is None


@pytest.mark.parametrize(
    ("x", "inside"), [(1.9, False), (2, True), (3, True), (4, True), (4.1, False), (None, None)]
)
def test_in_includes_both_ends(x: float | None, inside: bool | None) -> None:
    assert worth("x in 2 .. 4", x=x) is inside


def test_in_is_an_and_so_one_failing_end_decides_though_the_other_is_unknown() -> None:
    assert worth("x in 2 .. y", x=1) is False
    assert worth("x in y .. 4", x=5) is False
    assert worth("x in 2 .. y", x=3) is None


@pytest.mark.parametrize(
    "expr", ["x + y", "y - x", "x * y", "x / y", "y / x", "-(x + y)", "x * 0", "0 * x + y"]
)
def test_arithmetic_with_unknown_is_unknown(expr: str) -> None:
    assert worth(f"({expr}) is unknown", y=1) is True
    assert worth(f"{expr} >= 0", y=1) is None


@pytest.mark.parametrize("expr", ["1 / x", "x / x", "-1 / x", "d / x", "50% / (x * 1%)", "d / (x * 1%)"])
def test_division_by_zero_is_unknown(expr: str) -> None:
    assert worth(f"({expr}) is unknown", x=0, d=5) is True
    assert worth(f"({expr}) is known", x=2, d=5) is True


@pytest.mark.parametrize("expr", ["x * x", "x + x", "-x - x", "x / (1 / x)"])
def test_a_result_that_is_not_finite_is_unknown(expr: str) -> None:
    assert worth(f"({expr}) is unknown", x=1.7e308) is True
    assert worth(f"({expr}) is unknown", x=2) is False


def test_a_result_that_is_unknown_has_a_stand_in_too() -> None:
    assert worth("((1 / x) ?? 3) == 3", x=0) is True
    assert worth("((x * x) ?? y) is unknown", x=1e200) is True


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        ("50% * x == 20", True),
        ("x * 50% == 40 * 50%", True),
        ("d * 25% == 1 ms", True),
        ("25% * d == 1 ms", True),
        ("d / 50% == 8 ms", True),
        ("50% * 50% == 25%", True),
        ("50% / 25% == 2", True),
        ("d / 2 ms == 2", True),
        ("d * 3 == 12 ms", True),
        ("d / 2 == 2 ms", True),
        ("100% - 30% == 70%", True),
    ],
)
def test_ratios_and_quantities_combine_by_the_table(expr: str, value: bool) -> None:
    assert worth(expr, x=40, d=4) is value


def test_a_ratio_is_divided_by_100_before_it_scales() -> None:
    # Scaling first would give 0.29000000000000004 * 100 / 100 and its like; the order is part of the meaning.
    for percent in (7, 29, 57, 58, 83):
        exact = (percent / 100) * 1.1
        assert worth(f"{percent}% * x == {exact!r}", x=1.1) is True
        assert worth(f"x / {percent}% == {1.1 / (percent / 100)!r}", x=1.1) is True


def test_temperatures_are_points_and_their_differences_are_not() -> None:
    signals = {"temperature": 70.0}
    assert worth("temperature - 60 °C == 10 K", signals) is True
    assert worth("temperature - 10 K == 140 °F", signals) is True
    assert worth("temperature - 60 °C > 9.99 K", signals) is True


@pytest.mark.parametrize(("x", "y", "value"), [(1, 2, 1), (None, 2, 2), (1, None, 1)])
def test_the_second_of_two_stands_in_where_the_first_is_unknown(
    x: float | None, y: float | None, value: float
) -> None:
    assert worth(f"(x ?? y) == {value}", x=x, y=y) is True


def test_a_stand_in_may_be_unknown_too_and_may_be_a_boolean_or_a_word() -> None:
    assert worth("(x ?? y) is unknown") is True
    assert worth("e ?? true") is True
    assert worth("(e and f) ?? true", e=True) is True
    assert worth("(network ?? good) >= good") is True
    assert worth("(network ?? good) >= good", {"network": "fair"}) is False


@pytest.mark.parametrize("known", [True, False])
def test_is_known_and_is_unknown_are_never_unknown(known: bool) -> None:
    x = 1 if known else None
    assert worth("x is known", x=x) is known
    assert worth("x is unknown", x=x) is not known
    assert worth("(x > 0 and e) is known", x=x, e=True) is known
    assert worth("(x > 0 and e) is known", x=x, e=False) is True, "false whatever x is"


def test_words_compare_by_their_order_and_for_equality() -> None:
    assert worth("network >= good", {"network": "excellent"}) is True
    assert worth("good > network", {"network": "good"}) is False
    assert worth("network in poor .. fair", {"network": "poor"}) is True
    assert worth("network == offline", {"network": "offline"}) is True
    assert worth("network != offline") is None
    assert worth("mood == calm", mood="calm") is True
    assert worth("mood != calm", mood="sad") is True


def test_nan_and_infinity_are_unknown() -> None:
    for value in (math.nan, math.inf, -math.inf):
        assert worth("battery is unknown", {"battery": value}) is True
        assert worth("x is unknown", x=value) is True


def test_a_signal_out_of_range_is_clamped_and_counted() -> None:
    opened = session("rule r { when battery == 100% use a } otherwise use b")
    assert opened.step(state(0, battery=250.0)).target == "a"
    assert opened.step(state(1, battery=-3.0, temperature=900.0)).target == "b"
    assert opened.clamped == {"battery": 2, "temperature": 1}


def test_a_signal_is_seen_in_its_canonical_unit() -> None:
    assert worth("battery_time_left == 90 s", {"battery_time_left": 90_000.0}) is True
    assert worth("inference_rate == 30 Hz", {"inference_rate": 30e-6}) is True
    assert worth("memory_available == 4 GB") is True


def test_lets_are_evaluated_whatever_they_hold() -> None:
    opened = session(
        "let spare = 100% - cpu  let busy = cpu > 50%  let very = busy and spare < 20%  let left = spare - 10%"
        " rule r { when very and left < 5% use a } otherwise use b"
    )
    assert [opened.step(state(t, cpu=cpu)).target for t, cpu in enumerate((10.0, 60.0, 81.0, 90.0))] == [
        "b",
        "b",
        "b",
        "a",
    ]


# Bands: comparisons with memory.

BANDS = {
    # (operator: values and what holds after each, at 10 with a width of 5)
    "<": [
        (10, False),
        (9, True),
        (12, True),
        (math.nextafter(15, 0), True),
        (15, False),
        (14, False),
        (10, False),
    ],
    "<=": [
        (math.nextafter(10, 11), False),
        (10, True),
        (15, True),
        (math.nextafter(15, 16), False),
        (15, False),
    ],
    ">": [(10, False), (11, True), (math.nextafter(5, 6), True), (5, False), (6, False), (10, False)],
    ">=": [(9, False), (10, True), (5, True), (math.nextafter(5, 4), False), (5, False), (10, True)],
}


def held(condition: str, values: Sequence[Any]) -> list[bool | None]:
    """Return what a condition over `x` is worth at each of these values in turn."""
    opened = session(f"{HEAD} rule r {{ when {condition} use a }} otherwise use b")
    out = []
    for t, x in enumerate(values):
        explanation = opened.step(state(t), {"x": x}, explain=True).explanation
        assert explanation is not None
        out.append(explanation.rules[0].when.value)
    return out


@pytest.mark.parametrize("op", BANDS)
def test_a_band_enters_at_its_threshold_and_leaves_only_beyond_its_width(op: str) -> None:
    values, truths = zip(*BANDS[op], strict=True)
    assert held(f"x {op} 10 band 5", values) == list(truths)


@pytest.mark.parametrize("op", BANDS)
def test_a_band_of_no_width_is_the_comparison(op: str) -> None:
    values = (9, 10, 11, 10, 9, 10)
    assert held(f"x {op} 10 band 0", values) == held(f"x {op} 10", values)


def test_an_unknown_operand_keeps_a_bands_memory_which_starts_false() -> None:
    assert held("x < 10 band 5", (None, 9, None, 20, None)) == [False, True, True, False, False]
    assert held("10 > x band 5", (None, 9, None, 20, None)) == [False, True, True, False, False]


def test_a_negated_band_over_an_unknown_signal_is_true() -> None:
    assert held("not (x < 10 band 5)", (None, 9, None)) == [True, False, False]


def test_a_let_has_one_memory_and_two_occurrences_in_the_text_have_two() -> None:
    shared = session(
        "input x: number input e: bool let low = x < 10 band 5"
        " rule top { when e and low use a } rule bottom { when low use b } otherwise use c"
    )
    # The memory of the let was made while `top` could not hold.
    assert [at(shared, t, x=x, e=e).target for t, (x, e) in enumerate([(9, False), (12, True)])] == ["b", "a"]
    assert len(shared.snapshot()["bands"]) == 1
    apart = session(
        "input x: number rule top { when x < 10 band 5 use a } rule bottom { when x < 10 band 1 use b } otherwise use c"
    )
    at(apart, 0, x=9)
    at(apart, 1, x=12)
    assert apart.phases == {"top": "active", "bottom": "idle"}
    assert len(apart.snapshot()["bands"]) == 2


def test_every_band_advances_whatever_the_logic_around_it() -> None:
    opened = session(
        "input x: number input e: bool rule r { when e and (false or x < 10 band 5) until not (x < 10 band 5) use a } otherwise use b"
    )
    assert at(opened, 0, x=9, e=False).target == "b"
    assert at(opened, 1, x=14, e=True).target == "a", "the band was entered while `e` was false"


def test_a_band_advances_in_a_rule_below_the_winner_and_in_a_let_that_nobody_asks() -> None:
    opened = session(
        "input x: number input e: bool let low = x < 10 band 5"
        " rule top { when e use a } rule bottom { when x < 10 band 5 use b where low } otherwise use c"
    )
    at(opened, 0, x=9, e=True)
    assert at(opened, 1, x=14, e=False).target == "b"


def test_the_width_of_a_band_may_hold_parameters() -> None:
    body = "input x: number param w = 2 rule r { when x < 10 band 2 * w use a } otherwise use b"
    for w, targets in ((2, ["a", "a", "b"]), (3, ["a", "a", "a"]), (1, ["a", "b", "b"])):
        opened = session(body, params={"w": w})
        assert [at(opened, t, x=x).target for t, x in enumerate((9, 13, 14))] == targets


def test_a_bands_degrees_are_a_difference_and_never_shifted() -> None:
    for width in ("9 °F", "5 °C", "5 K"):
        opened = session(f"rule r {{ when temperature >= 75 °C band {width} use a }} otherwise use b")
        seen = [
            opened.step(state(t, temperature=c)).target
            for t, c in enumerate((75.0, 70.0, math.nextafter(70, 0)))
        ]
        assert seen == ["a", "a", "b"], width


def test_both_sides_of_a_band_may_move() -> None:
    opened = session(
        "rule r { when memory_available < 50% * memory_total band 100 MB use a } otherwise use b"
    )
    steps = [(499.0, 1000.0), (599.0, 1000.0), (599.0, 998.0), (400.0, None), (400.0, 1000.0)]
    seen = [
        opened.step(state(t, memory_available=m, memory_total=total)).target
        for t, (m, total) in enumerate(steps)
    ]
    assert seen == ["a", "a", "b", "b", "a"]


# Attributes of variants that no family was there to check.


def test_an_attribute_of_another_kind_than_the_text_supposes_is_unknown() -> None:
    family = plain(a={"fast": True, "score": 3}, b={"fast": 1, "score": True}, c={})
    for where in ("variant.fast", "variant.score > 2", "variant.fast == true", "variant.score + 1 > 0"):
        opened = session(f"rule r {{ when true use highest 1 where {where} }} otherwise use c", family)
        explanation = opened.step(state(0), explain=True).explanation
        assert explanation is not None
        assert [c.qualifies for c in explanation.candidates] == [True, False, False], where


def test_a_word_of_a_candidate_is_a_place_in_its_order() -> None:
    for index, score in enumerate((0.0, 0.5, 1.0)):
        opened = session(
            f"rule r {{ when true use highest accuracy where level(power) == {score} }} otherwise use tiny",
            MEASURED,
        )
        assert opened.step(state(0)).target == MEASURED.names[index]


def test_no_condition_can_fail_at_run_time() -> None:
    hostile = [0, -0.0, 1e308, -1e308, 5e-324, None, math.nan, math.inf, 10**400]
    opened = session(
        f"{HEAD} rule r {{ when x / y > y * y - x / (x - y) or -(x) in y .. x + y or (x ?? y) / 0 == 0 use highest x / y }} otherwise use b",
        ABC,
    )
    for t, (x, y) in enumerate(itertools.product(hostile, hostile)):
        assert at(opened, t * S, x=x, y=y).target in {"a", "b", "c"}
