"""The session of a Python policy: asked at each step, with a history of swaps as its memory."""

from __future__ import annotations

import json
from typing import Any

import pytest

from edgeadapt.policy import BasePolicy, LambdaPolicy, PolicySession, RulePolicy, SwapHistory
from edgeadapt.program.status import VariantStatus
from edgeadapt.registry.family import ModelFamily
from edgeadapt.state import DeviceState
from tests.runtime.world import ABC, S, plain, state

OUT = VariantStatus(available=False, reason="quarantined")


class ByCpu(BasePolicy):
    """Wants `a`, `b` or `c` by the processor's load, and notes what it was shown."""

    def __init__(self) -> None:
        self.seen: list[tuple[tuple[str, ...], str | None, list[int]]] = []

    def select(self, state: DeviceState, family: ModelFamily, history: SwapHistory) -> str:
        self.seen.append((family.names, history.active, [swap.at_ns for swap in history.swaps]))
        return "abc"[int((state.cpu_utilization_pct or 0) // 40)]


def wants(session: PolicySession, t: float, variant: str, **options: Any) -> Any:
    return session.step(state(t, cpu="abc".index(variant) * 40.0), **options)


def test_what_the_policy_names_is_wanted_and_committed_at_once_in_a_dry_run() -> None:
    session = ByCpu().session(ABC)
    seen = [wants(session, t, variant) for t, variant in enumerate("aabb")]
    assert [(d.target, d.active, d.swap, d.reason, d.rule) for d in seen] == [
        ("a", "a", False, "ADOPTED", "ByCpu"),
        ("a", "a", False, "UNCHANGED", "ByCpu"),
        ("b", "b", True, "SWAP_POLICY_RECOMMEND", "ByCpu"),
        ("b", "b", False, "UNCHANGED", "ByCpu"),
    ]


def test_until_the_host_reports_a_commit_nothing_changes() -> None:
    session = ByCpu().session(ABC, auto_commit=False)
    assert [wants(session, t, v).reason for t, v in enumerate("ab")] == ["ADOPTED", "ADOPTED"]
    session.committed("a", 1.0)
    seen = [wants(session, t, "b") for t in (2, 3)]
    assert [(d.reason, d.swap, d.active) for d in seen] == [("SWAP_POLICY_RECOMMEND", True, "a")] * 2
    session.committed("b", 3.5)
    assert wants(session, 4, "b").reason == "UNCHANGED"


def test_the_policy_sees_the_available_variants_and_the_swaps_so_far() -> None:
    policy = ByCpu()
    session = policy.session(ABC)
    wants(session, 1, "a")
    wants(session, 2, "b", variants={"c": OUT, "a": VariantStatus()})
    wants(session, 3, "b", variants={"nobody": OUT})
    assert policy.seen == [
        (("a", "b", "c"), None, []),
        (("a", "b"), "a", []),
        (("a", "b", "c"), "b", [2 * S]),
    ]


def test_a_variant_that_is_named_but_not_available_is_no_candidate() -> None:
    session = ByCpu().session(ABC)
    first = wants(session, 0, "a", variants={"a": OUT})
    assert (first.target, first.active, first.reason, first.swap) == (None, None, "NO_CANDIDATE", False)
    wants(session, 1, "b")
    later = wants(session, 2, "a", variants={"a": OUT})
    assert (later.target, later.active, later.reason, later.swap) == ("b", "b", "NO_CANDIDATE", False)


def test_the_policy_is_not_asked_when_nothing_is_available() -> None:
    policy = ByCpu()
    session = policy.session(ABC)
    assert wants(session, 0, "a", variants=dict.fromkeys("abc", OUT)).reason == "NO_CANDIDATE"
    assert policy.seen == []


@pytest.mark.parametrize("named", ["d", "", None, 3])
def test_a_policy_that_names_no_variant_is_told_so(named: Any) -> None:
    session = LambdaPolicy(lambda state, family: named, "mine").session(ABC)
    with pytest.raises(ValueError, match=r"policy `mine` names `.*`, no variant of family `plain`"):
        session.step(state(0))


def test_a_commit_of_no_variant_is_a_wrong_call() -> None:
    with pytest.raises(ValueError, match="family `plain` has no variant `d`"):
        ByCpu().session(ABC).committed("d", 0)


def test_a_python_policy_takes_no_inputs() -> None:
    session = ByCpu().session(ABC)
    with pytest.raises(ValueError, match="policy `ByCpu` takes no inputs; remove `light`"):
        session.step(state(0), {"light": 3})
    assert session.step(state(0), {}).reason == "ADOPTED"


def test_values_out_of_range_are_counted() -> None:
    session = ByCpu().session(ABC)
    session.step(state(0, battery=300.0))
    session.step(state(1, battery=300.0, temperature=999.0))
    assert session.clamped == {"battery": 2, "temperature": 1}


def test_a_clock_that_steps_back_is_taken_as_the_last_time() -> None:
    policy = ByCpu()
    session = policy.session(ABC)
    for t, variant in ((100, "a"), (50, "b"), (101, "b")):
        wants(session, t, variant)
    assert policy.seen[-1][2] == [100 * S]


# Memory.


def saved(session: PolicySession) -> Any:
    return json.loads(json.dumps(session.snapshot()))


@pytest.mark.parametrize("start", [-1000, 0, 1_000_000])
def test_a_snapshot_holds_no_absolute_time(start: int) -> None:
    session = ByCpu().session(ABC)
    for t, variant in enumerate("abbc"):
        wants(session, start + t, variant)
    assert saved(session) == {
        "version": 1,
        "policy": "ByCpu",
        "active": "c",
        "swaps": [[2 * S, "a", "b"], [0, "b", "c"]],
    }


def test_swaps_that_were_reported_before_any_step_hold_no_absolute_time_either() -> None:
    session = ByCpu().session(ABC, auto_commit=False)
    for variant, t in (("a", 500.0), ("b", 501.0), ("c", 503.0)):
        session.committed(variant, t)
    assert saved(session)["swaps"] == [[2 * S, "a", "b"], [0, "b", "c"]]


def test_a_restored_history_goes_on_as_if_never_stopped() -> None:
    first = ByCpu().session(ABC)
    for t, variant in enumerate("abb"):
        wants(first, t, variant)
    policy = ByCpu()
    again = policy.session(ABC, snapshot=saved(first), elapsed_s=10.0)
    assert (again.active, again.refused) == ("b", "")
    wants(again, 1000, "a")
    # The swap at 1 s was 1 s old at the last step and is 11 s old at 1000 s.
    assert policy.seen == [(("a", "b", "c"), "b", [989 * S])]


def test_a_commit_between_restoring_and_the_first_step_counts_at_its_own_time() -> None:
    first = ByCpu().session(ABC)
    for t, variant in enumerate("ab"):
        wants(first, t, variant)
    policy = ByCpu()
    again = policy.session(ABC, snapshot=saved(first), elapsed_s=10.0, auto_commit=False)
    again.committed("c", 998.0)
    assert again.active == "c"
    assert saved(again)["swaps"] == [[0, "a", "b"], [-10 * S, "b", "c"]]
    wants(again, 1000, "a")
    assert policy.seen == [(("a", "b", "c"), "c", [990 * S, 998 * S])]


def test_saving_a_restored_history_before_its_first_step_changes_nothing() -> None:
    first = ByCpu().session(ABC)
    for t, variant in enumerate("abb"):
        wants(first, t, variant)
    again = ByCpu().session(ABC, snapshot=saved(first), elapsed_s=10.0)
    assert saved(again) == saved(first)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"version": 2}, "not one of a Python policy"),
        ({"policy": "Other"}, "belongs to another policy"),
        ({"active": "d"}, "has `d` active, which the family lacks"),
        ({"active": 3}, "malformed"),
        ({"swaps": None}, "malformed"),
        ({"swaps": [[10**400, "a", "b"]]}, "malformed"),
    ],
)
def test_a_memory_that_does_not_fit_is_refused_and_the_session_starts_fresh(
    change: dict[str, Any], why: str
) -> None:
    first = ByCpu().session(ABC)
    for t, variant in enumerate("ab"):
        wants(first, t, variant)
    again = ByCpu().session(ABC, snapshot={**saved(first), **change})
    assert why in again.refused
    assert again.active is None
    assert wants(again, 0, "a").reason == "ADOPTED"


@pytest.mark.parametrize("junk", [3, "text", [], {}, {"version": 1}])
def test_what_is_no_memory_at_all_is_refused(junk: Any) -> None:
    assert ByCpu().session(ABC, snapshot=junk).refused


def test_the_memory_of_rules_is_refused_and_the_other_way_round() -> None:
    rules = RulePolicy.from_text("edition 1 policy p { otherwise use a }")
    function = LambdaPolicy(lambda state, family: "a", "p")
    assert function.session(ABC, snapshot=rules.session(ABC).snapshot()).refused
    assert rules.session(ABC, snapshot=function.session(ABC).snapshot()).refused


def test_a_family_of_its_own_variants_decides_whether_the_saved_one_is_known() -> None:
    first = LambdaPolicy(lambda state, family: "a", "p").session(plain("a"))
    first.step(state(0))
    other = LambdaPolicy(lambda state, family: "b", "p").session(plain("b"), snapshot=first.snapshot())
    assert "which the family lacks" in other.refused
