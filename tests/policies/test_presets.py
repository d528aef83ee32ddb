"""The presets on families that are not digits, with figures missing, and with their parameters set."""

from __future__ import annotations

import pytest

from edgeadapt.policy import RulePolicy
from edgeadapt.registry.family import ModelFamily, VariantMetadata
from edgeadapt.shipped import shipped
from edgeadapt.state import DeviceState

PRESETS = ("maximize_accuracy", "minimize_power", "balanced")
STATE = DeviceState(None, None, None, 4000.0, 0.0, None, None, 0.0)


def family(**variants: tuple[float | None, float | None, str | None]) -> ModelFamily:
    """Make a family of variants, each with accuracy, latency in ms and power."""
    made = ModelFamily("other")
    for name, (accuracy, latency, power) in variants.items():
        figures = VariantMetadata(
            accuracy_score=accuracy, expected_latency_ms=latency, power_draw_estimate=power
        )
        made.add_variant(name, f"{name}.onnx", metadata=figures)
    return made


def choice(preset: str, of: ModelFamily, **params: float | str) -> str | None:
    policy = RulePolicy.from_file(shipped(f"policies/{preset}.eap"), params=params)
    return policy.session(of).step(STATE).target


FULL = family(
    slow=(0.99, 300.0, "high"), good=(0.97, 80.0, "high"), fair=(0.9, 20.0, "medium"), poor=(0.7, 2.0, "low")
)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_family_that_says_nothing_of_itself_is_served(preset):
    assert choice(preset, family(a=(None, None, None), b=(None, None, None))) == "a"


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_names_no_family(preset):
    assert RulePolicy.from_file(shipped(f"policies/{preset}.eap")).program.family is None


def test_maximize_accuracy_takes_the_best_within_the_ceiling():
    assert choice("maximize_accuracy", FULL) == "good"
    assert choice("maximize_accuracy", FULL, latency_ceiling="1 s") == "slow"
    assert choice("maximize_accuracy", FULL, latency_ceiling=25.0) == "fair"


def test_maximize_accuracy_takes_the_fastest_where_none_is_within_the_ceiling():
    assert choice("maximize_accuracy", FULL, latency_ceiling="1 ms") == "poor"


def test_maximize_accuracy_prefers_a_known_latency_to_an_unknown_one():
    assert choice("maximize_accuracy", family(a=(0.99, None, None), b=(0.6, 500.0, None))) == "b"


def test_maximize_accuracy_goes_by_accuracy_where_no_latency_is_known():
    assert choice("maximize_accuracy", family(a=(0.6, None, None), b=(0.8, None, None))) == "b"


def test_minimize_power_takes_the_least_power_above_the_floor():
    assert choice("minimize_power", FULL) == "fair"
    assert choice("minimize_power", FULL, min_accuracy_floor=0.6) == "poor"
    assert choice("minimize_power", FULL, min_accuracy_floor=0.95) == "good"


def test_minimize_power_takes_the_most_accurate_where_none_reaches_the_floor():
    assert choice("minimize_power", FULL, min_accuracy_floor=1.0) == "slow"


def test_minimize_power_counts_an_unknown_power_as_the_highest():
    assert choice("minimize_power", family(a=(0.9, 1.0, None), b=(0.9, 9.0, "medium"))) == "b"


def test_balanced_weighs_as_it_is_told():
    assert choice("balanced", FULL, w_acc=1.0, w_lat=0.0, w_pwr=0.0) == "good"
    assert choice("balanced", FULL, w_acc=0.0, w_lat=1.0, w_pwr=0.0) == "poor"
    assert choice("balanced", FULL, w_acc=1.0, w_lat=0.3, w_pwr=0.0) == "fair"


def test_balanced_weighs_without_the_latency_where_none_is_known():
    assert choice("balanced", family(a=(0.6, None, "low"), b=(0.9, None, "low"))) == "b"


def test_balanced_takes_the_fastest_where_all_are_beyond_the_ceiling():
    assert choice("balanced", FULL, latency_ceiling="1 ms") == "poor"
