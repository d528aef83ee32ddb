"""The guard and commits of section 5: what suppresses a swap, and what counts as one."""

from __future__ import annotations

import pytest

from edgeadapt.program.decision import Decision
from edgeadapt.runtime import Session
from edgeadapt.runtime.guard import GuardLimits
from tests.runtime.world import S, at, session, state

COOLDOWN, RATE, DUE, ADOPTED, SAME = (
    "SWAP_SUPPRESSED_COOLDOWN",
    "SWAP_SUPPRESSED_RATE",
    "SWAP_POLICY_RECOMMEND",
    "ADOPTED",
    "UNCHANGED",
)


def guarded(guard: str, rule_a: str = "", auto_commit: bool = True) -> Session:
    """A policy that wants `a` where x is 1, `b` where it is 2, else `c`."""
    rules = f"rule ra {{ when x == 1 {rule_a} use a }} rule rb {{ when x == 2 use b }}"
    return session(f"input x: number {rules} otherwise use c guard {{ {guard} }}", auto_commit=auto_commit)


def step(opened: Session, t: int, wanted: str) -> Decision:
    return at(opened, t, x={"a": 1, "b": 2, "c": 3}[wanted])


def reasons(opened: Session, *steps: tuple[int, str]) -> list[str]:
    return [step(opened, t, wanted).reason for t, wanted in steps]


def test_the_first_variant_is_adopted_at_once_and_that_is_no_swap() -> None:
    opened = guarded("cooldown 1 h at most 1 swap per 1 h")
    first = step(opened, 0, "a")
    assert (first.target, first.active, first.swap, first.reason) == ("a", "a", False, ADOPTED)
    assert step(opened, 1, "b").reason == DUE, "it started no cooldown and counts in no window"


def test_what_is_active_already_is_no_swap_and_is_not_suppressed() -> None:
    opened = guarded("at most 0 swaps per 1 h")
    assert reasons(opened, (0, "a"), (1, "a")) == [ADOPTED, SAME]


def test_a_swap_that_is_due_is_committed_by_a_dry_run() -> None:
    opened = guarded("")
    step(opened, 0, "a")
    due = step(opened, 1, "b")
    assert (due.target, due.active, due.swap, due.reason, due.rule) == ("b", "b", True, DUE, "rb")


def test_a_suppressed_swap_keeps_its_target_and_the_active_variant() -> None:
    opened = guarded("cooldown 10 s")
    reasons(opened, (0, "a"), (1, "b"))
    held = step(opened, 2, "c")
    assert (held.target, held.active, held.swap, held.rule, held.reason) == (
        "c",
        "b",
        False,
        "otherwise",
        COOLDOWN,
    )


@pytest.mark.parametrize(("age", "reason"), [(5 * S - 1, COOLDOWN), (5 * S, DUE), (5 * S + 1, DUE)])
def test_the_cooldown_is_over_exactly_its_duration_after_the_last_committed_swap(
    age: int, reason: str
) -> None:
    opened = guarded("cooldown 5 s")
    assert reasons(opened, (0, "a"), (3, "b"), (3 + age, "a")) == [ADOPTED, DUE, reason]


@pytest.mark.parametrize(("age", "reason"), [(5 * S - 1, RATE), (5 * S, DUE), (5 * S + 1, DUE)])
def test_a_swap_leaves_a_window_exactly_when_it_is_as_old_as_the_window(age: int, reason: str) -> None:
    opened = guarded("at most 2 swaps per 5 s")
    steps = [(0, "a"), (3, "b"), (S, "c"), (3 + age, "a")]
    assert reasons(opened, *steps) == [ADOPTED, DUE, DUE, reason]


def test_a_suppressed_swap_counts_in_no_window_and_starts_no_cooldown() -> None:
    opened = guarded("cooldown 5 s")
    steps = [(0, "a"), (0, "b"), (4 * S, "c"), (5 * S, "c")]
    assert reasons(opened, *steps) == [ADOPTED, DUE, COOLDOWN, DUE]


def test_the_cooldown_is_named_before_a_full_window() -> None:
    opened = guarded("at most 1 swap per 1 min cooldown 5 s")
    steps = [(0, "a"), (0, "b"), (S, "a"), (5 * S, "a"), (60 * S, "a")]
    assert reasons(opened, *steps) == [ADOPTED, DUE, COOLDOWN, RATE, DUE]


def test_several_limits_all_apply() -> None:
    opened = guarded("at most 1 swap per 2 s at most 2 swaps per 10 s")
    steps = [
        (0, "a"),
        (0, "b"),
        (S, "a"),
        (2 * S, "a"),
        (4 * S, "b"),
        (10 * S - 1, "b"),
        (10 * S, "b"),
        (11 * S, "a"),
    ]
    assert reasons(opened, *steps) == [ADOPTED, DUE, RATE, DUE, RATE, RATE, DUE, RATE]


def test_at_most_no_swaps_lets_none_pass_ever() -> None:
    opened = guarded("at most 0 swaps per 1 s")
    assert reasons(opened, (0, "a"), (3600 * S, "b")) == [ADOPTED, RATE]


def test_an_urgent_rule_passes_and_its_swap_counts_like_any_other() -> None:
    opened = guarded("cooldown 5 s at most 2 swaps per 1 min", rule_a="urgent")
    steps = [(0, "c"), (0, "b"), (S, "a"), (2 * S, "b"), (6 * S, "b"), (60 * S, "b"), (60 * S, "a")]
    # The swap away at 2 s is guarded, at 6 s the window holds two; at 60 s the first has left it.
    assert reasons(opened, *steps) == [ADOPTED, DUE, DUE, COOLDOWN, RATE, DUE, DUE]


def test_a_rule_that_is_urgent_but_does_not_win_lets_nothing_pass() -> None:
    rules = "rule low { when x == 2 use b } rule top { when true urgent use a where x == 1 }"
    opened = session(f"input x: number {rules} otherwise use c guard {{ cooldown 5 s }}")
    # `top` is active throughout, yields nothing where x is neither, and then is no winner.
    assert reasons(opened, (0, "c"), (0, "b"), (1, "c"), (2, "a"), (3, "b")) == [
        ADOPTED,
        DUE,
        COOLDOWN,
        DUE,
        COOLDOWN,
    ]


# Commits that the host reports.


def test_until_an_adoption_is_committed_each_step_answers_adopted_with_the_current_target() -> None:
    opened = guarded("cooldown 1 h at most 0 swaps per 1 h", auto_commit=False)
    seen = [step(opened, t, wanted) for t, wanted in enumerate("abbc")]
    assert [(d.reason, d.target, d.active, d.swap) for d in seen] == [
        (ADOPTED, v, None, False) for v in "abbc"
    ]
    opened.committed("b", 4 / S)
    assert opened.active == "b"
    assert reasons(opened, (5, "b"), (6, "a")) == [SAME, RATE]


def test_the_commit_that_adopts_is_no_swap() -> None:
    opened = guarded("cooldown 1 h", auto_commit=False)
    opened.committed("a", 0)
    assert step(opened, 1, "b").reason == DUE


def test_only_committed_swaps_count_so_a_failed_load_stays_due() -> None:
    opened = guarded("cooldown 5 s at most 1 swap per 1 min", auto_commit=False)
    opened.committed("a", 0)
    seen = [step(opened, t * S, "b") for t in range(4)]
    assert [(d.reason, d.swap, d.active) for d in seen] == [(DUE, True, "a")] * 4
    opened.committed("b", 4.0)
    assert reasons(opened, (5 * S, "b"), (6 * S, "a"), (9 * S, "a")) == [SAME, COOLDOWN, RATE]


def test_the_commit_of_the_active_variant_is_nothing() -> None:
    opened = guarded("cooldown 5 s", auto_commit=False)
    opened.committed("a", 0)
    opened.committed("a", 1.0)
    assert step(opened, S, "b").reason == DUE


def test_a_rollback_makes_its_variant_active_and_counts_as_a_swap() -> None:
    opened = guarded("at most 2 swaps per 1 min", auto_commit=False)
    opened.committed("a", 0)
    opened.committed("b", 1.0)
    opened.committed("a", 2.0)
    assert opened.active == "a"
    assert reasons(opened, (3 * S, "b"), (61 * S - 1, "b"), (61 * S, "b")) == [RATE, RATE, DUE]


def test_the_commit_of_another_variant_than_the_target_is_believed() -> None:
    opened = guarded("", auto_commit=False)
    opened.committed("a", 0)
    step(opened, 1, "b")
    opened.committed("c", 1.0)
    assert step(opened, 2 * S, "c").reason == SAME


def test_a_commit_later_than_the_step_has_age_zero() -> None:
    opened = guarded("cooldown 5 s at most 1 swap per 10 s", auto_commit=False)
    opened.committed("a", 0)
    opened.committed("b", 8.0)
    steps = [(2 * S, "a"), (8 * S, "a"), (13 * S - 1, "a"), (13 * S, "a"), (18 * S - 1, "a"), (18 * S, "a")]
    assert reasons(opened, *steps) == [COOLDOWN, COOLDOWN, COOLDOWN, RATE, RATE, DUE]


def test_the_commit_of_an_unknown_variant_is_refused_and_changes_nothing() -> None:
    opened = guarded("", auto_commit=False)
    opened.committed("a", 0)
    with pytest.raises(ValueError, match="no variant `d`; it has: a, b, c"):
        opened.committed("d", 1)
    assert opened.active == "a"


@pytest.mark.parametrize("when", [float("nan"), float("inf")])
def test_a_commit_at_no_time_is_refused_and_changes_nothing(when: float) -> None:
    opened = guarded("", auto_commit=False)
    with pytest.raises(ValueError, match="finite"):
        opened.committed("a", when)
    assert opened.active is None


def test_old_swaps_are_forgotten_once_no_limit_can_see_them() -> None:
    opened = guarded("cooldown 5 s at most 3 swaps per 10 s")
    for t in range(0, 1000, 6):
        step(opened, t * S, "ab"[t // 6 % 2])
    assert len(opened.snapshot()["commits"]) == 2


def test_a_policy_without_a_guard_suppresses_nothing_and_keeps_no_swaps() -> None:
    opened = session("input x: number rule r { when x == 1 use a } otherwise use b")
    assert [at(opened, 0, x=x).reason for x in (1, 2, 1, 2)] == [ADOPTED, DUE, DUE, DUE]
    assert opened.snapshot()["commits"] == []


def test_limits_say_how_long_a_swap_has_to_wait() -> None:
    limits = GuardLimits(5, ((2, 20),))
    assert limits.suppression([], 0) is None
    cooling = limits.suppression([3], 6)
    assert cooling is not None
    assert (cooling.elapsed_ns, cooling.remaining_ns) == (3, 2)
    full = limits.suppression([1, 4, 9], 14)
    # Of three swaps in the window, two have to leave it: the second is 4's, which is 20 old at 24.
    assert full is not None
    assert (full.code, full.remaining_ns) == (RATE, 10)
    assert limits.suppression([1, 4, 9], 23) is not None
    assert limits.suppression([1, 4, 9], 24) is None


def test_a_cooldown_longer_than_any_float_of_nanoseconds_can_be_explained() -> None:
    opened = guarded(f"cooldown {10**306} ms")
    step(opened, 0, "b")
    step(opened, 1, "a")
    decision = opened.step(state(2), {"x": 2}, explain=True)
    assert decision.explanation is not None
    assert decision.explanation.guard.startswith("suppresses the swap: cooldown, for another ")
