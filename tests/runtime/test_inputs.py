"""What the host feeds: kinds, units, ranges, and how long a value counts."""

from __future__ import annotations

import math
from typing import Any

import pytest

from edgeadapt.runtime import InputLatch
from edgeadapt.runtime.inputs import host_inputs
from tests.runtime.world import S, program, session, state

HEAD = """
input light: number in 0 .. 1000 stale after 10 s  input share: ratio  input heat: temperature in -10 °C .. 50 °C
input size: memory  input lag: time  input draw: power  input beat: frequency  input far: bool
input mood: one of sad, calm, merry ordered  input place: one of home, work
"""
NAMES = ("light", "share", "heat", "size", "lag", "draw", "beat", "far", "mood", "place")


def latch(head: str = HEAD, params: dict[str, Any] | None = None) -> InputLatch:
    return InputLatch(host_inputs(program(f"{head} otherwise use a", params)))


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("light", 80, 80.0),
        ("light", 80.5, 80.5),
        ("light", "80", 80.0),
        ("share", "15%", 15.0),
        ("share", 15, 15.0),
        ("heat", "-5 °C", -5.0),
        ("heat", "50 °F", 10.0),
        ("size", "1 GiB", 1073.741824),
        ("lag", "80 ms", 80.0),
        ("lag", "1.5 s", 1500.0),
        ("draw", "500 mW", 0.5),
        ("beat", "30 Hz", 30e-6),
        ("far", True, True),
        ("far", False, False),
        ("far", "true", True),
        ("mood", "calm", "calm"),
        ("place", "work", "work"),
        ("light", None, None),
        ("far", None, None),
        ("mood", None, None),
        ("light", math.nan, None),
        ("light", -math.inf, None),
        ("light", 10**400, None),
    ],
)
def test_a_value_is_taken_in_the_kind_its_input_declares(name: str, given: Any, value: Any) -> None:
    held = latch()
    held.feed(0, {name: given})
    assert held.values(0) == {**dict.fromkeys(NAMES), name: value}
    assert type(held.values(0)[name]) is type(value)
    assert held.clamped == {}


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("light", "80 ms", "input `light`: `80 ms` is a time, but a number is needed"),
        ("light", "bright", "input `light`: `bright` is not a number"),
        ("light", True, "input `light` is a number, not `True`"),
        ("light", [3], "input `light` is a number"),
        ("lag", "15%", "input `lag`: `15%` is a ratio, but a time is needed, such as `40 ms`"),
        ("far", 1, "input `far` is true or false, not `1`"),
        ("far", "yes", "input `far` is true or false, not `yes`"),
        ("mood", "calmer", "`calmer` is no `mood`; did you mean `calm`?"),
        ("mood", 1, "`1` is no `mood`; known: sad, calm, merry"),
        ("mood", True, "`True` is no `mood`"),
        ("lihgt", 3, "no input `lihgt`; did you mean `light`?"),
        ("battery", 3, "no input `battery`"),
    ],
)
def test_what_does_not_fit_is_refused_in_the_hosts_terms(name: str, given: Any, message: str) -> None:
    held = latch()
    with pytest.raises(ValueError, match="`") as refused:
        held.feed(0, {"far": True, name: given} if name != "far" else {name: given})
    assert message in str(refused.value)
    assert held.values(0) == dict.fromkeys(NAMES), "nothing of a refused report is taken"


@pytest.mark.parametrize(("given", "kept"), [(-1, 0.0), (1001, 1000.0), (0, 0.0), (1000, 1000.0)])
def test_a_number_out_of_the_inputs_range_is_clamped_and_counted(given: float, kept: float) -> None:
    held = latch()
    held.feed(0, {"light": given})
    assert held.values(0)["light"] == kept
    assert held.clamped == ({"light": 1} if given != kept else {})


@pytest.mark.parametrize(("age", "value"), [(10 * S - 1, 80.0), (10 * S, 80.0), (10 * S + 1, None)])
def test_a_value_is_stale_once_it_is_older_than_its_duration(age: int, value: float | None) -> None:
    held = latch()
    held.feed(7.0, {"light": 80})
    assert held.values((7 * S + age) / S)["light"] == value


def test_feeding_the_same_value_again_makes_it_fresh() -> None:
    held = latch()
    held.feed(0, {"light": 80})
    held.feed(9, {"light": 80})
    assert held.values(19)["light"] == 80.0


def test_a_value_without_stale_after_counts_until_another_comes() -> None:
    held = latch()
    held.feed(0, {"share": 5})
    assert held.values(1e9)["share"] == 5.0
    held.feed(2e9, {"share": None})
    assert held.values(2e9)["share"] is None


def test_each_input_ages_by_itself() -> None:
    held = latch()
    held.feed(0, {"light": 80, "far": True})
    held.feed(100, {"share": 5})
    assert {name: value for name, value in held.values(100).items() if value is not None} == {
        "far": True,
        "share": 5.0,
    }


def test_how_long_a_value_counts_may_hold_parameters() -> None:
    held = latch("param keep = 10 s input light: number stale after 2 * keep", {"keep": "1 s"})
    held.feed(0, {"light": 80})
    assert (held.values(2)["light"], held.values(2.1)["light"]) == (80.0, None)


@pytest.mark.parametrize("t", [math.nan, math.inf])
def test_a_report_at_no_time_is_refused(t: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        latch().feed(t, {"light": 1})


def test_what_a_latch_gives_a_session_takes() -> None:
    opened = session(
        f"{HEAD} rule r {{ when mood >= calm and far and light == 1000 and lag < 1 s use a }} otherwise use b"
    )
    held = InputLatch(opened.inputs)
    held.feed(0, {"mood": "merry", "far": True, "light": 5000, "lag": "80 ms"})
    assert opened.step(state(0), held.values(0)).target == "a"
    assert (held.clamped, opened.clamped) == ({"light": 1}, {}), "clamped once, counted once"
    assert opened.step(state(11), held.values(11)).target == "b"


def test_a_step_takes_texts_and_words_itself() -> None:
    opened = session(f"{HEAD} rule r {{ when lag < 100 ms and mood == sad use a }} otherwise use b")
    assert opened.step(state(0), {"lag": "80 ms", "mood": "sad"}).target == "a"


def test_an_input_that_a_step_leaves_out_is_unknown_there() -> None:
    opened = session(f"{HEAD} rule r {{ when far is unknown use a }} otherwise use b")
    assert [opened.step(state(t), given).target for t, given in enumerate([{"far": True}, {}, None])] == [
        "b",
        "a",
        "a",
    ]


def test_a_session_tells_what_inputs_it_takes() -> None:
    light, *_, place = session(f"{HEAD} otherwise use a").inputs
    assert (light.name, light.low, light.high, light.stale_ns) == ("light", 0.0, 1000.0, 10 * S)
    assert (place.name, place.stale_ns) == ("place", None)


@pytest.mark.parametrize(
    "inputs", [{"light": -5, "nothing": 1}, {"light": -5, "far": 3}, {"light": -5, "mood": "glad"}]
)
def test_a_step_with_a_wrong_input_is_refused_and_changes_nothing(inputs: dict[str, Any]) -> None:
    opened = session(f"{HEAD} rule r {{ when far for 1 s use a }} otherwise use b")
    opened.step(state(0), {"far": True})
    before = opened.snapshot()
    with pytest.raises(ValueError, match="`"):
        opened.step(state(5), inputs)
    assert (opened.snapshot(), opened.clamped, opened.clock_steps_back) == (before, {}, 0)


def test_a_step_names_the_policy_and_the_nearest_input() -> None:
    with pytest.raises(ValueError, match="policy `p` has no input `lihgt`; did you mean `light`"):
        session(f"{HEAD} otherwise use a").step(state(0), {"lihgt": 1})
