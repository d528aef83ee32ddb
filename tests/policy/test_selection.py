"""`select_with_explanation`: the choice of one state, with what each candidate was worth and what decided."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeadapt.policy import BasePolicy, LambdaPolicy, RulePolicy, StabilityGuard, SwapHistory
from edgeadapt.policy.presets import Balanced, MaximizeAccuracy, MinimizePower
from edgeadapt.registry.family import ModelFamily
from edgeadapt.shipped import shipped
from edgeadapt.state import DeviceState
from tests.runtime.world import ABC, state

DIGITS = ModelFamily.from_yaml(shipped("families/digits.yaml"))


@given(ceiling=st.floats(0.001, 50), charge=st.floats(0, 100))
def test_a_preset_s_explanation_has_every_variant_and_the_winner_qualifies(
    ceiling: float, charge: float
) -> None:
    device = DeviceState(charge, False, 40.0, 4000.0, 10.0, None, None, 0.0)
    for preset in (
        MaximizeAccuracy(latency_ceiling_ms=ceiling),
        MinimizePower(),
        Balanced(latency_ceiling_ms=ceiling),
    ):
        variant, selection = preset.select_with_explanation(device, DIGITS)
        assert variant == selection.variant == preset.select(device, DIGITS, SwapHistory())
        assert [candidate.variant for candidate in selection.candidates] == list(DIGITS.names)
        assert {c.variant: c for c in selection.candidates}[variant].qualifies


def test_the_scores_and_what_keeps_a_variant_out_are_told() -> None:
    policy = MaximizeAccuracy(latency_ceiling_ms=1.0)
    variant, selection = policy.select_with_explanation(state(0), DIGITS)
    found = {candidate.variant: candidate for candidate in selection.candidates}
    declared = DIGITS.variant(variant).metadata
    assert found[variant].scores == (declared.accuracy_score, declared.expected_latency_ms)
    assert not found["full"].qualifies
    assert found["full"].reason.startswith("`latency <= latency_ceiling` is false: latency is ")
    assert selection.why.startswith(
        f"the policy has no rules; 3 of 5 variants qualify, and `{variant}` is chosen by `highest accuracy"
    )


def test_a_rule_that_decides_is_named_and_so_is_otherwise() -> None:
    policy = RulePolicy.from_text(
        "edition 1 policy p { rule hot { when temperature >= 75 °C use b } otherwise use a }"
    )
    hot = DeviceState(50.0, False, 80.0, 4000.0, 10.0, None, None, 0.0)
    assert policy.select_with_explanation(hot, ABC)[1].why == "rule `hot` is active; it uses `b`"
    cool = policy.select_with_explanation(state(0, temperature=20.0), ABC)[1]
    assert (cool.rule, cool.why) == ("otherwise", "no rule that is active yields a variant; it uses `a`")


def test_where_nothing_is_declared_the_last_choice_says_so() -> None:
    bare = ModelFamily("bare")
    for name in ("a", "c"):
        bare.add_variant(name, f"{name}.onnx")
    variant, selection = MaximizeAccuracy().select_with_explanation(state(0), bare)
    assert variant == "a"
    assert selection.why.startswith(
        "the policy has no rules; 2 of 2 variants qualify, and `a` is chosen by `"
    )
    assert selection.why.endswith("with unknown, unknown")
    with pytest.raises(ValueError, match="policy `maximize_accuracy` finds no variant of family `empty`"):
        MaximizeAccuracy().select_with_explanation(state(0), ModelFamily("empty"))


def test_an_active_variant_may_stay_within_a_tolerance() -> None:
    history = SwapHistory()
    history.committed("medium", 0)
    policy = RulePolicy.from_text("edition 1 policy p { otherwise use highest accuracy tolerance 0.01 }")
    assert policy.select_with_explanation(state(0), DIGITS, history)[0] == "medium"
    assert policy.select_with_explanation(state(0), DIGITS)[0] != "medium"


@pytest.mark.parametrize("wrap", [LambdaPolicy, StabilityGuard])
def test_a_function_s_choice_is_told_as_its_own(wrap: type[BasePolicy]) -> None:
    def last(state: DeviceState, family: ModelFamily) -> str:
        return family.names[-1]

    variant, selection = wrap(last).select_with_explanation(state(0), ABC)  # type: ignore[call-arg] # both take a function
    assert variant == selection.variant == "c"
    assert selection.why == "`last` named `c`"
    assert [candidate.qualifies for candidate in selection.candidates] == [False, False, True]
    assert selection.candidates[0].reason == "`last` named another"
