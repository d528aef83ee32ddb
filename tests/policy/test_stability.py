"""A guard around any policy: no swap for a small change, none too soon, none too many; urgent rules pass."""

from __future__ import annotations

import json
from typing import Any

import pytest

from edgeadapt.policy import BasePolicy, LambdaPolicy, PolicySession, RulePolicy, StabilityGuard
from edgeadapt.program.decision import Decision
from edgeadapt.program.status import VariantStatus
from edgeadapt.registry.family import ModelFamily, VariantMetadata
from tests.runtime.world import ABC, MEASURED, S, state

DUE, ADOPTED, SAME = "SWAP_POLICY_RECOMMEND", "ADOPTED", "UNCHANGED"
COOLDOWN, RATE, SMALL = "SWAP_SUPPRESSED_COOLDOWN", "SWAP_SUPPRESSED_RATE", "SWAP_SUPPRESSED_SMALL_CHANGE"
RULES = """
rule ra { when cpu < 10% urgent use a }
rule rb { when cpu < 50% use b }
otherwise use c
"""


def by_cpu(guard: str = "") -> RulePolicy:
    """Want `a` (urgently), `b` or `c` by the processor's load."""
    return RulePolicy.from_text(f"edition 1 policy p {{ {RULES} {guard} }}")


def named(state: Any, family: ModelFamily) -> str:
    return "abc"[int((state.cpu_utilization_pct or 0) // 40)]


def wants(session: PolicySession, t: float, variant: str, **options: Any) -> Decision:
    return session.step(state(t, cpu="abc".index(variant) * 40.0), **options)


def reasons(session: PolicySession, *steps: tuple[float, str]) -> list[str]:
    return [wants(session, t, variant).reason for t, variant in steps]


def guarded(inner: Any = named, **settings: Any) -> PolicySession:
    settings = {"cooldown_sec": 0, "max_swaps_per_window": 1000, **settings}
    return StabilityGuard(inner, **settings).session(ABC)


def test_the_cooldown_runs_from_the_last_committed_swap_and_not_from_the_adoption() -> None:
    steps = [(0, "c"), (0, "b"), (4.999999999, "c"), (5, "c"), (6, "b")]
    assert reasons(guarded(cooldown_sec=5), *steps) == [ADOPTED, DUE, COOLDOWN, DUE, COOLDOWN]


def test_no_more_swaps_than_the_window_allows_are_committed_in_it() -> None:
    steps = [(0, "c"), (0, "b"), (1, "c"), (2, "b"), (9.999999999, "b"), (10, "b"), (10.5, "c")]
    seen = reasons(guarded(max_swaps_per_window=2, swap_window_sec=10), *steps)
    assert seen == [ADOPTED, DUE, DUE, RATE, RATE, DUE, RATE]


def test_a_suppressed_swap_keeps_its_target_and_the_active_variant() -> None:
    session = guarded(cooldown_sec=5)
    wants(session, 0, "c")
    wants(session, 0, "b")
    held = wants(session, 1, "c")
    assert (held.target, held.active, held.swap, held.reason) == ("c", "b", False, COOLDOWN)
    assert session.active == "b"
    passed = wants(session, 5, "c")
    assert (passed.target, passed.active, passed.swap) == ("c", "c", True)


def test_the_defaults_are_five_seconds_and_six_swaps_a_minute() -> None:
    session = StabilityGuard(named).session(ABC)
    steps = [(5 * i, "cb"[i % 2]) for i in range(9)]
    assert reasons(session, *steps) == [ADOPTED, *[DUE] * 6, RATE, SAME]


def test_an_urgent_rule_of_the_policy_inside_passes_and_counts() -> None:
    session = guarded(by_cpu(), cooldown_sec=5, max_swaps_per_window=2, swap_window_sec=60)
    steps = [(0, "c"), (0, "b"), (1, "a"), (2, "b"), (6, "b"), (7, "a"), (60, "b")]
    assert reasons(session, *steps) == [ADOPTED, DUE, DUE, COOLDOWN, RATE, SAME, DUE]


def test_a_swap_that_a_guard_inside_suppresses_is_not_made() -> None:
    session = guarded(by_cpu("guard { cooldown 1 min }"))
    seen = [wants(session, t, v) for t, v in ((0, "c"), (0, "b"), (30, "c"), (60, "c"))]
    assert [(d.reason, d.swap, d.active) for d in seen] == [
        (ADOPTED, False, "c"),
        (DUE, True, "b"),
        (COOLDOWN, False, "b"),
        (DUE, True, "c"),
    ]


def test_with_a_host_that_commits_only_its_reports_count() -> None:
    session = StabilityGuard(named, cooldown_sec=5).session(ABC, auto_commit=False)
    assert reasons(session, (0, "c"), (1, "b")) == [ADOPTED, ADOPTED]
    session.committed("c", 1.0)
    assert reasons(session, (2, "b"), (3, "b")) == [DUE, DUE]
    session.committed("b", 3.0)
    session.committed("b", 4.0)
    assert reasons(session, (4, "b"), (7.999999999, "c"), (8, "c")) == [SAME, COOLDOWN, DUE]


def test_a_commit_later_than_the_step_has_age_zero() -> None:
    session = StabilityGuard(named, cooldown_sec=5).session(ABC, auto_commit=False)
    session.committed("c", 0)
    session.committed("b", 9.0)
    assert reasons(session, (1, "c"), (9, "c"), (13.9, "c"), (14, "c")) == [COOLDOWN, COOLDOWN, COOLDOWN, DUE]


def test_a_clock_that_steps_back_does_not_age_a_swap_made_then() -> None:
    session = guarded(cooldown_sec=5)
    steps = [(100, "c"), (50, "b"), (101, "c"), (104.9, "c"), (105, "c")]
    assert reasons(session, *steps) == [ADOPTED, DUE, COOLDOWN, COOLDOWN, DUE]


def test_a_variant_that_is_not_available_is_passed_on_as_no_candidate() -> None:
    session = guarded()
    wants(session, 0, "c")
    decision = wants(session, 1, "b", variants={"b": VariantStatus(available=False)})
    assert (decision.target, decision.active, decision.reason) == ("c", "c", "NO_CANDIDATE")


def test_inputs_phases_and_clamped_values_are_those_of_the_policy_inside() -> None:
    text = (
        "edition 1 policy p { input x: number in 0 .. 9 rule r { when x > 3 for 1 s use a } otherwise use b }"
    )
    session = StabilityGuard(RulePolicy.from_text(text)).session(ABC)
    session.step(state(0), {"x": 99})
    assert [declared.name for declared in session.inputs] == ["x"]
    assert (session.phases, session.clamped) == ({"r": "pending"}, {"x": 1})


def test_an_explanation_tells_this_guards_verdict() -> None:
    session = guarded(by_cpu(), cooldown_sec=5)
    verdicts = []
    for t, variant in ((0, "c"), (0, "b"), (2, "c"), (2, "b")):
        explanation = wants(session, t, variant, explain=True).explanation
        assert explanation is not None
        verdicts.append(explanation.guard)
    assert verdicts == [
        "the first variant is adopted, which is no swap",
        "lets the swap pass",
        "suppresses the swap: cooldown, for another 3 s",
        "no swap is wanted",
    ]


# Hysteresis: how much a swap has to change.


def pair(**change: float) -> ModelFamily:
    before = {"accuracy_score": 0.5, "expected_latency_ms": 100.0, "memory_footprint_mb": 100.0}
    family = ModelFamily("pair")
    family.add_variant("b", "b.onnx", metadata=VariantMetadata(**before))
    family.add_variant("c", "c.onnx", metadata=VariantMetadata(**{**before, **change}))
    return family


@pytest.mark.parametrize(
    ("change", "is_small"),
    [
        ({}, True),
        ({"accuracy_score": 0.625}, True),
        ({"accuracy_score": 0.63}, False),
        ({"accuracy_score": 0.37}, False),
        ({"expected_latency_ms": 125.0, "memory_footprint_mb": 75.0}, True),
        ({"expected_latency_ms": 126.0}, False),
        ({"memory_footprint_mb": 74.0}, False),
    ],
)
def test_a_swap_is_too_small_where_no_figure_changes_by_more_than_its_share(
    change: dict[str, float], is_small: bool
) -> None:
    policy = StabilityGuard(named, hysteresis=0.25, cooldown_sec=0)
    session = policy.session(pair(**change))
    assert reasons(session, (0, "b"), (1, "c")) == [ADOPTED, SMALL if is_small else DUE]


def test_an_unknown_figure_may_have_changed() -> None:
    family = pair()
    family.add_variant("a", "a.onnx", metadata=VariantMetadata(accuracy_score=0.5))
    assert reasons(StabilityGuard(named, hysteresis=0.25).session(family), (0, "b"), (1, "a")) == [
        ADOPTED,
        DUE,
    ]


def test_a_small_change_is_named_before_the_cooldown_and_an_urgent_one_is_made() -> None:
    family = ModelFamily("same")
    for name in "abc":
        family.add_variant(name, f"{name}.onnx", metadata=VariantMetadata(0.0, 0.0, 0.5))
    session = StabilityGuard(by_cpu(), hysteresis=0.1, cooldown_sec=60).session(family)
    assert reasons(session, (0, "c"), (1, "b"), (2, "a"), (3, "c")) == [ADOPTED, SMALL, DUE, SMALL]


def test_without_hysteresis_no_change_is_small() -> None:
    session = StabilityGuard(
        LambdaPolicy(lambda state, family: named(state, family)), cooldown_sec=0
    ).session(pair())
    assert reasons(session, (0, "b"), (1, "c")) == [ADOPTED, DUE]


# Settings.


@pytest.mark.parametrize("name", ["hysteresis", "cooldown_sec", "swap_window_sec", "max_swaps_per_window"])
@pytest.mark.parametrize("value", [-1, float("nan"), float("inf")])
def test_a_setting_that_is_negative_or_unbounded_is_a_wrong_call(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"`{name}`"):
        StabilityGuard(named, **{name: value})


def test_at_most_no_swaps_lets_none_pass() -> None:
    assert reasons(guarded(max_swaps_per_window=0), (0, "c"), (3600, "b")) == [ADOPTED, RATE]


def test_a_window_of_no_length_holds_no_swap() -> None:
    session = guarded(max_swaps_per_window=1, swap_window_sec=0)
    assert reasons(session, (0, "c"), (0, "b"), (0, "c")) == [ADOPTED, DUE, DUE]


# Memory.


def saved(session: PolicySession) -> Any:
    return json.loads(json.dumps(session.snapshot()))


@pytest.mark.parametrize("inner", [named, by_cpu()])
@pytest.mark.parametrize(("elapsed", "reason"), [(2.999999999, COOLDOWN), (3.0, DUE)])
def test_a_restart_does_not_shorten_the_cooldown(inner: Any, elapsed: float, reason: str) -> None:
    policy = StabilityGuard(inner, cooldown_sec=5)
    first = policy.session(ABC)
    reasons(first, (0, "c"), (1, "b"), (3, "b"))
    again = policy.session(ABC, snapshot=saved(first), elapsed_s=elapsed)
    assert (again.active, again.refused) == ("b", "")
    assert reasons(again, (777, "c")) == [reason]


def test_a_snapshot_holds_no_absolute_time() -> None:
    snapshots = []
    for start in (-50, 0, 1000):
        session = guarded(cooldown_sec=5)
        reasons(session, (start, "c"), (start + 1, "b"), (start + 3, "b"))
        snapshots.append(saved(session))
    assert snapshots[0] == snapshots[1] == snapshots[2]


def test_swaps_that_were_reported_before_any_step_are_in_the_snapshot_by_their_ages() -> None:
    session = StabilityGuard(named).session(ABC, auto_commit=False)
    for variant, t in (("a", 500.0), ("b", 501.0), ("c", 503.0)):
        session.committed(variant, t)
    assert saved(session)["guarded_commits"] == [2 * S, 0]


def test_saving_a_restored_memory_before_its_first_step_changes_nothing() -> None:
    policy = StabilityGuard(named, cooldown_sec=5)
    first = policy.session(ABC)
    reasons(first, (0, "c"), (1, "b"), (3, "b"))
    again = policy.session(ABC, snapshot=saved(first), elapsed_s=1.5)
    assert saved(again) == saved(first)
    third = policy.session(ABC, snapshot=saved(again), elapsed_s=2.0)
    assert reasons(third, (0, "c"), (1, "c")) == [COOLDOWN, DUE]


def test_a_swap_between_restoring_and_the_first_step_counts() -> None:
    policy = StabilityGuard(named, cooldown_sec=5)
    first = policy.session(ABC)
    reasons(first, (0, "c"), (1, "b"))
    again = policy.session(ABC, snapshot=saved(first), elapsed_s=100.0, auto_commit=False)
    again.committed("a", 998.0)
    assert saved(again)["guarded_commits"] == [0, -100 * S]
    assert reasons(again, (1000, "c"), (1003, "c")) == [COOLDOWN, DUE]


def test_a_refused_memory_leaves_no_swaps_behind() -> None:
    first = StabilityGuard(named, cooldown_sec=5).session(ABC)
    reasons(first, (0, "c"), (1, "b"))
    again = StabilityGuard(LambdaPolicy(named, "other"), cooldown_sec=5).session(ABC, snapshot=saved(first))
    assert "another policy" in again.refused
    assert saved(again)["guarded_commits"] == []


@pytest.mark.parametrize("ages", [None, 3, "text", ["x", None, 1.5], {}])
def test_malformed_ages_suppress_nothing(ages: Any) -> None:
    policy = StabilityGuard(named, cooldown_sec=5)
    first = policy.session(ABC)
    reasons(first, (0, "c"), (1, "b"))
    again = policy.session(ABC, snapshot={**saved(first), "guarded_commits": ages})
    assert reasons(again, (0, "c")) == [DUE]


def test_the_memory_of_an_unguarded_session_is_taken() -> None:
    policy: BasePolicy = by_cpu()
    first = policy.session(ABC)
    reasons(first, (0, "c"), (1, "b"))
    again = StabilityGuard(policy).session(ABC, snapshot=saved(first))
    assert (again.refused, again.active) == ("", "b")


def test_the_presets_own_families_are_no_exception() -> None:
    session = StabilityGuard(
        RulePolicy.from_text("edition 1 policy p { otherwise use lowest power }")
    ).session(MEASURED)
    assert session.step(state(0)).target == "tiny"
