"""Policies written in Python, and what every policy's session offers to its host."""

from __future__ import annotations

import pytest

from edgeadapt.policy import (
    BasePolicy,
    LambdaPolicy,
    PolicySession,
    RulePolicy,
    StabilityGuard,
    SwapHistory,
    as_policy,
)
from edgeadapt.registry.family import ModelFamily
from edgeadapt.state import DeviceState
from tests.runtime.world import ABC, state


class First(BasePolicy):
    def select(self, state: DeviceState, family: ModelFamily, history: SwapHistory) -> str:
        return family.names[0]


def cheapest(state: DeviceState, family: ModelFamily) -> str:
    return family.names[-1]


RULES = RulePolicy.from_text("edition 1 policy p { otherwise use a }")


@pytest.mark.parametrize(
    "policy", [RULES, First(), LambdaPolicy(cheapest), StabilityGuard(First()), StabilityGuard(RULES)]
)
def test_every_session_keeps_the_protocol(policy: BasePolicy) -> None:
    session = policy.session(ABC)
    assert isinstance(session, PolicySession)
    assert (session.active, session.refused, session.clamped) == (None, "", {})
    decision = session.step(state(0))
    assert decision.reason == "ADOPTED"
    assert session.active == decision.target == decision.active
    session.committed("b", 1.0)
    assert session.active == "b"
    again = policy.session(ABC, snapshot=session.snapshot(), elapsed_s=1.0)
    assert (again.refused, again.active) == ("", "b")


def test_a_policy_is_called_by_its_class_or_function_or_given_name() -> None:
    assert First().name == "First"
    assert LambdaPolicy(cheapest).name == "cheapest"
    assert LambdaPolicy(cheapest, "thrift").name == "thrift"
    assert StabilityGuard(cheapest).name == "cheapest"
    assert RULES.name == "p"


def test_only_a_guarded_policy_has_a_guard() -> None:
    assert not First().has_guard
    assert not RULES.has_guard
    assert StabilityGuard(First()).has_guard
    assert RulePolicy.from_text("edition 1 policy p { otherwise use a guard { cooldown 1 s } }").has_guard


def test_a_function_is_a_policy() -> None:
    assert LambdaPolicy(cheapest).session(ABC).step(state(0)).target == "c"
    assert as_policy(cheapest).session(ABC).step(state(0)).target == "c"
    policy = First()
    assert as_policy(policy) is policy


@pytest.mark.parametrize("wrong", [3, None, "a"])
def test_what_is_neither_a_policy_nor_a_function_is_a_wrong_call(wrong: object) -> None:
    with pytest.raises(
        TypeError, match=r"a policy is a BasePolicy or a callable `\(state, family\) -> name`"
    ):
        as_policy(wrong)  # type: ignore[arg-type] # that is the test
