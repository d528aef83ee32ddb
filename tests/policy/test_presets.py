"""The presets: shipped policies under Python names, for any family."""

from __future__ import annotations

import pytest

from edgeadapt.policy.presets import Balanced, MaximizeAccuracy, MinimizePower
from edgeadapt.policy.rule_policy import RulePolicy
from edgeadapt.program import ParameterError
from edgeadapt.registry.family import ModelFamily, VariantMetadata
from edgeadapt.shipped import shipped
from edgeadapt.state import DeviceState

STATE = DeviceState(50.0, False, 40.0, 4000.0, 10.0, None, None, 0.0)


@pytest.fixture
def family() -> ModelFamily:
    made = ModelFamily("demo")
    for name, latency, accuracy, power in (
        ("low", 20.0, 0.85, "low"),
        ("mid", 60.0, 0.9, "medium"),
        ("top", 300.0, 0.99, "high"),
    ):
        made.add_variant(
            name,
            f"{name}.onnx",
            metadata=VariantMetadata(
                expected_latency_ms=latency,
                memory_footprint_mb=50.0,
                accuracy_score=accuracy,
                power_draw_estimate=power,
            ),
        )
    return made


def chosen(policy: RulePolicy, family: ModelFamily) -> str | None:
    return policy.session(family).step(STATE).target


def test_maximize_accuracy_takes_the_best_within_the_ceiling(family: ModelFamily) -> None:
    assert chosen(MaximizeAccuracy(latency_ceiling_ms=100.0), family) == "mid"
    assert chosen(MaximizeAccuracy(latency_ceiling_ms=500.0), family) == "top"


def test_maximize_accuracy_takes_the_fastest_where_none_is_within_the_ceiling(family: ModelFamily) -> None:
    assert chosen(MaximizeAccuracy(latency_ceiling_ms=1.0), family) == "low"


def test_minimize_power_takes_the_cheapest_that_is_good_enough(family: ModelFamily) -> None:
    assert chosen(MinimizePower(min_accuracy_floor=0.8), family) == "low"
    assert chosen(MinimizePower(min_accuracy_floor=0.95), family) == "top"


def test_balanced_follows_its_weights(family: ModelFamily) -> None:
    assert chosen(Balanced(latency_ceiling_ms=400.0, w_acc=10.0, w_lat=0.0, w_pwr=0.0), family) == "top"
    assert chosen(Balanced(latency_ceiling_ms=400.0, w_acc=0.0, w_lat=1.0, w_pwr=1.0), family) == "low"


@pytest.mark.parametrize("preset", [MaximizeAccuracy, MinimizePower, Balanced])
def test_a_preset_is_the_shipped_policy(preset: type[RulePolicy]) -> None:
    policy = preset()  # type: ignore[call-arg] # every preset has defaults
    shipped_policy = RulePolicy.from_file(shipped(f"policies/{policy.name}.eap"))
    assert policy.program == shipped_policy.program


@pytest.mark.parametrize("preset", [MaximizeAccuracy, MinimizePower, Balanced])
def test_a_family_without_metadata_still_gets_a_variant(preset: type[RulePolicy]) -> None:
    bare = ModelFamily("bare")
    bare.add_variant("only", "only.onnx")
    assert chosen(preset(), bare) == "only"  # type: ignore[call-arg] # every preset has defaults


def test_a_setting_out_of_range_is_refused() -> None:
    with pytest.raises(ParameterError, match="min_accuracy_floor"):
        MinimizePower(min_accuracy_floor=2.0)
