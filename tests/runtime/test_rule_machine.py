"""Section 5 of the language, sentence by sentence: what a rule does over time."""

from __future__ import annotations

from typing import Any

import pytest

from edgeadapt.runtime.rule_machine import TRANSITIONS, Event, Phase
from tests.runtime.world import S, at, only_phase, session, state

HEAD = "input e: bool input u: bool input x: number"


def phases(clauses: str, *steps: tuple[int, Any, Any], params: dict[str, Any] | None = None) -> list[str]:
    """Walk one rule over (time in ns, `e`, `u`) and return its phase after each step."""
    opened = session(f"{HEAD} param d = 2 s rule r {{ {clauses} use a }} otherwise use b", params=params)
    seen = []
    for t, e, u in steps:
        at(opened, t, e=e, u=u)
        seen.append(only_phase(opened))
    return seen


def test_the_worked_trace_of_the_language_page_comes_out_as_written() -> None:
    rule = "rule r { when x < 10 until x >= 20 for 2 s hold 5 s linger 1 s use a }"
    opened = session(f"input x: number {rule} otherwise use b")
    table = [
        (0, 9, "pending", "b"),
        (1, 12, "idle", "b"),
        (2, 9, "pending", "b"),
        (4, 9, "active", "a"),
        (6, 25, "ending", "a"),
        (7, 25, "ending", "a"),
        (8, 15, "active", "a"),
        (9, 21, "ending", "a"),
        (10, 21, "idle", "b"),
    ]
    seen = [
        (t, x, only_phase(opened), decision.active)
        for t, x, decision in ((t, x, at(opened, t * S, x=x)) for t, x, _, _ in table)
    ]
    assert seen == table


LEGAL = {
    "idle": {"REFUSE": "idle", "WAIT": "pending", "START": "active"},
    "pending": {"REFUSE": "idle", "WAIT": "pending", "START": "active"},
    "active": {"KEEP": "active", "LINGER": "ending", "END": "idle"},
    "ending": {"KEEP": "active", "LINGER": "ending", "END": "idle"},
}


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("phase", Phase)
def test_each_phase_takes_the_events_of_its_own_half_and_refuses_the_others(
    phase: Phase, event: Event
) -> None:
    wanted = LEGAL[phase.value].get(event.name)
    if wanted is None:
        with pytest.raises(KeyError):
            TRANSITIONS[phase][event]
    else:
        assert TRANSITIONS[phase][event].value == wanted


def test_a_rule_without_timers_follows_when() -> None:
    steps = [(0, False, None), (1, True, None), (2, False, None), (3, True, None)]
    assert phases("when e", *steps) == ["idle", "active", "idle", "active"]


@pytest.mark.parametrize(
    ("after", "phase"), [(2 * S - 1, "pending"), (2 * S, "active"), (2 * S + 1, "active")]
)
def test_for_is_over_exactly_when_it_has_run_for_its_duration(after: int, phase: str) -> None:
    assert phases("when e for 2 s", (7, True, None), (7 + after, True, None)) == ["pending", phase]


@pytest.mark.parametrize(("after", "phase"), [(2 * S - 1, "ending"), (2 * S, "idle"), (2 * S + 1, "idle")])
def test_linger_is_over_exactly_when_the_exit_has_lasted_for_its_duration(after: int, phase: str) -> None:
    steps = [(0, True, None), (S, False, None), (S + after, False, None)]
    assert phases("when e linger 2 s", *steps) == ["active", "ending", phase]


@pytest.mark.parametrize(("after", "phase"), [(2 * S - 1, "ending"), (2 * S, "idle"), (2 * S + 1, "idle")])
def test_hold_is_over_exactly_its_duration_after_the_rule_started(after: int, phase: str) -> None:
    steps = [(0, True, None), (S, False, None), (after, False, None)]
    assert phases("when e hold 2 s", *steps) == ["active", "ending", phase]


@pytest.mark.parametrize(
    ("after", "phase"), [(2 * S - 1, "pending"), (2 * S, "active"), (2 * S + 1, "active")]
)
def test_cooldown_is_over_exactly_its_duration_after_the_rule_ended(after: int, phase: str) -> None:
    steps = [(0, True, None), (S, False, None), (S + after, True, None)]
    assert phases("when e cooldown 2 s", *steps) == ["active", "idle", phase]


def test_a_rule_that_never_ended_has_no_cooldown() -> None:
    assert phases("when e cooldown 1 h", (0, True, None)) == ["active"]


def test_the_entry_timer_runs_while_the_cooldown_does() -> None:
    steps = [(0, True, None), (S, False, None), (2 * S, True, None), (5 * S, True, None), (6 * S, True, None)]
    # Ended at 1 s: the cooldown is over at 6 s, and `for` at 4 s.
    assert phases("when e for 2 s cooldown 5 s", (-9 * S, True, None), *steps)[1:] == [
        "active",
        "idle",
        "pending",
        "pending",
        "active",
    ]


def test_a_cooldown_that_is_over_does_not_shorten_for() -> None:
    steps = [(0, True, None), (S, False, None), (9 * S, True, None), (11 * S - 1, True, None)]
    assert phases("when e for 2 s cooldown 5 s", (-9 * S, True, None), *steps)[3:] == ["pending", "pending"]


def test_hold_and_linger_run_beside_each_other_and_both_must_be_over() -> None:
    long_linger = [(0, True, None), (S, False, None), (3 * S, False, None), (6 * S, False, None)]
    assert phases("when e hold 2 s linger 5 s", *long_linger) == ["active", "ending", "ending", "idle"]
    long_hold = [(0, True, None), (S, False, None), (3 * S, False, None), (5 * S, False, None)]
    assert phases("when e hold 5 s linger 1 s", *long_hold) == ["active", "ending", "ending", "idle"]


@pytest.mark.parametrize("sample", [False, None])
def test_one_false_or_unknown_sample_clears_a_pending_for(sample: bool | None) -> None:
    steps = [
        (0, True, None),
        (S, sample, None),
        (2 * S, True, None),
        (3 * S, True, None),
        (4 * S, True, None),
    ]
    assert phases("when e for 2 s", *steps) == ["pending", "idle", "pending", "pending", "active"]


def test_one_sample_that_does_not_leave_clears_a_running_linger() -> None:
    steps = [(0, True, None), (1, False, None), (2, True, None), (2 * S + 1, False, None)]
    assert phases("when e linger 2 s", *steps) == ["active", "ending", "active", "ending"]


def test_with_until_an_unknown_exit_keeps_the_rule_and_a_false_when_does_too() -> None:
    steps = [(0, True, False), (1, True, None), (2, None, None), (3, False, False), (4, False, True)]
    assert phases("when e until u", *steps) == ["active", "active", "active", "active", "idle"]


def test_an_unknown_until_clears_the_exit_timer() -> None:
    steps = [(0, True, False), (1, False, True), (2, False, None), (2 * S + 1, False, True)]
    assert phases("when e until u linger 2 s", *steps) == ["active", "ending", "active", "ending"]


def test_an_unknown_until_lets_the_rule_start() -> None:
    assert phases("when e until u", (0, True, None)) == ["active"]


def test_without_until_an_unknown_when_ends_the_rule_and_runs_its_linger() -> None:
    assert phases("when e", (0, True, None), (1, None, None)) == ["active", "idle"]
    steps = [(0, True, None), (1, None, None), (2 * S + 1, None, None)]
    assert phases("when e linger 2 s", *steps) == ["active", "ending", "idle"]


def test_an_unknown_when_starts_nothing() -> None:
    assert phases("when e until u", (0, None, False)) == ["idle"]


def test_exit_wins_over_entry() -> None:
    steps = [(0, True, True), (1, True, False), (2, True, True), (3, True, True), (4, True, False)]
    assert phases("when e until u", *steps) == ["idle", "active", "idle", "idle", "active"]


def test_a_true_exit_clears_a_pending_for() -> None:
    steps = [(0, True, False), (S, True, True), (2 * S, True, False), (4 * S, True, False)]
    assert phases("when e until u for 2 s", *steps) == ["pending", "idle", "pending", "active"]


def test_a_gap_between_two_steps_counts_as_held() -> None:
    assert phases("when e for 10 min", (0, True, None), (3600 * S, True, None)) == ["pending", "active"]
    steps = [(0, True, None), (1, False, None), (3600 * S, False, None)]
    assert phases("when e linger 10 min", *steps) == ["active", "ending", "idle"]


def test_durations_are_constant_expressions_that_follow_an_override() -> None:
    steps = [(0, True, None), (2 * S, True, None), (4 * S, True, None)]
    assert phases("when e for 2 * d", *steps) == ["pending", "pending", "active"]
    assert phases("when e for 2 * d", *steps, params={"d": "1 s"}) == ["pending", "active", "active"]


def test_a_duration_is_rounded_to_whole_nanoseconds() -> None:
    # A third of a microsecond is 333.3… ns.
    third = "when e for 1 us / 3"
    assert phases(third, (0, True, None), (332, True, None)) == ["pending", "pending"]
    assert phases(third, (0, True, None), (333, True, None)) == ["pending", "active"]


def test_a_timestamp_is_rounded_to_whole_nanoseconds_before_it_is_compared() -> None:
    opened = session(f"{HEAD} rule r {{ when e for 300 ms use a }} otherwise use b")
    # In doubles 0.1 + 0.2 is above 0.3, and 0.4 - 0.1 above 0.3 too: compared as they are, edges would depend on it.
    at(opened, 0, e=True)
    opened.step(state(0.1 + 0.2), {"e": True})
    assert only_phase(opened) == "active"
    again = session(f"{HEAD} rule r {{ when e for 300 ms use a }} otherwise use b")
    again.step(state(0.8), {"e": True})
    again.step(state(1.1), {"e": True})
    assert only_phase(again) == "active", "1.1 - 0.8 is below 0.3 in doubles"


def test_a_clock_that_steps_back_is_taken_as_the_last_time_and_counted() -> None:
    opened = session(f"{HEAD} rule r {{ when e for 2 s use a }} otherwise use b")
    at(opened, 100 * S, e=True)
    at(opened, 50 * S, e=True)
    at(opened, 101 * S, e=True)
    assert (only_phase(opened), opened.clock_steps_back) == ("pending", 1)
    at(opened, 102 * S, e=True)
    assert (only_phase(opened), opened.clock_steps_back) == ("active", 1)


def test_the_same_time_twice_is_no_step_back() -> None:
    opened = session(f"{HEAD} rule r {{ when e use a }} otherwise use b")
    at(opened, 5, e=True)
    at(opened, 5, e=True)
    assert opened.clock_steps_back == 0


def test_every_rule_advances_whether_or_not_one_above_it_is_active() -> None:
    top, low = "rule top { when e use a }", "rule low { when u for 2 s use b }"
    opened = session(f"{HEAD} {top} {low} otherwise use c")
    at(opened, 0, e=True, u=True)
    assert at(opened, 2 * S, e=True, u=True).target == "a"
    assert opened.phases == {"top": "active", "low": "active"}
    assert at(opened, 2 * S + 1, e=False, u=True).target == "b"


def test_the_first_active_rule_from_the_top_wins() -> None:
    opened = session(f"{HEAD} rule top {{ when e use a }} rule low {{ when u use b }} otherwise use c")
    wins = [
        (decision.rule, decision.target)
        for t, (e, u) in enumerate([(True, True), (False, True), (True, False), (False, False)])
        for decision in [at(opened, t, e=e, u=u)]
    ]
    assert wins == [("top", "a"), ("low", "b"), ("top", "a"), ("otherwise", "c")]


def test_hold_holds_the_rule_and_not_its_variant() -> None:
    opened = session(f"{HEAD} rule r {{ when e hold 1 h use a where cpu < 50% else b }} otherwise use c")
    assert opened.step(state(0), {"e": True}).active == "a"
    changed = opened.step(state(1, cpu=80.0), {"e": False})
    assert (changed.active, changed.rule, only_phase(opened)) == ("b", "r", "ending")


def test_a_rule_that_ended_may_start_at_the_next_step() -> None:
    steps = [(0, True, False), (1, True, True), (1, True, False)]
    assert phases("when e until u", *steps) == ["active", "idle", "active"]
