"""DeviceState: what it accepts, clamps and refuses, and how it speaks in the language's units."""

from __future__ import annotations

import math
import pickle
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeadapt.state import SIGNALS, DeviceState, SignalKind


def state(**values: Any) -> DeviceState:
    first: dict[str, Any] = dict.fromkeys(field.name for field in attrs.fields(DeviceState)[:8])
    first["timestamp"] = 0.0
    return DeviceState(**{**first, **values})


def test_the_first_eight_attributes_can_be_given_by_position() -> None:
    made = DeviceState(80, True, 41.5, 2048, 12.0, None, "good", 3)
    assert (made.battery_pct, made.is_charging, made.network_quality, made.timestamp) == (
        80.0,
        True,
        "good",
        3.0,
    )
    assert made.total_ram_mb is None


def test_the_other_attributes_are_keyword_only() -> None:
    with pytest.raises(TypeError):
        DeviceState(80, True, 41.5, 2048, 12.0, None, "good", 3, 60.0)  # type: ignore[call-arg]  # the mistake tested


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("name", [s.attribute for s in SIGNALS.values() if s.kind is SignalKind.NUMERIC])
def test_a_number_that_is_not_finite_is_unknown(name: str, value: float) -> None:
    made = state(**{name: value})
    assert getattr(made, name) is None
    assert made.clamped == ()


@pytest.mark.parametrize(
    "signal", [s for s in SIGNALS.values() if s.kind is SignalKind.NUMERIC], ids=lambda s: s.name
)
def test_a_number_out_of_range_is_clamped_and_named(signal: Any) -> None:
    low, high = state(**{signal.attribute: -1e300}), state(**{signal.attribute: 10**400})
    assert (low.value(signal.name), low.clamped) == (signal.low, (signal.name,))
    assert (high.value(signal.name), high.clamped) == (signal.high, (signal.name,))


def test_values_are_given_in_the_canonical_unit() -> None:
    made = state(battery_time_left_s=90, inference_rate_hz=30, cpu_frequency_mhz=1800)
    assert made.value("battery_time_left") == 90_000.0
    assert made.value("inference_rate") == 30 / 10**6
    assert made.value("cpu_frequency") == 1800.0
    assert made.value("battery") is None


@pytest.mark.parametrize("bad", ["80", True, [80], object()])
def test_a_number_of_another_type_is_refused(bad: Any) -> None:
    with pytest.raises(TypeError, match="`battery_pct` is a number or None"):
        state(battery_pct=bad)


def test_a_boolean_is_not_a_number() -> None:
    with pytest.raises(TypeError, match="`is_charging` is true or false, not `1`"):
        state(is_charging=1)


def test_an_unknown_word_gets_the_nearest_one() -> None:
    with pytest.raises(ValueError, match="did you mean `excellent`"):
        state(network_quality="excelent")


@pytest.mark.parametrize("bad", [math.nan, math.inf, 10**400])
def test_a_timestamp_is_finite(bad: float) -> None:
    with pytest.raises(ValueError, match="`timestamp` must be finite"):
        state(timestamp=bad)


def test_a_name_that_is_no_signal_gets_the_nearest_one() -> None:
    with pytest.raises(KeyError, match="did you mean `battery`"):
        state().value("batery")


def test_a_state_can_be_evolved_hashed_compared_and_pickled() -> None:
    made = state(battery_pct=50)
    later = attrs.evolve(made, timestamp=1.0)
    assert later != made
    assert hash(attrs.evolve(later, timestamp=0.0)) == hash(made)
    assert pickle.loads(pickle.dumps(made)) == made


@pytest.mark.parametrize("name", ["battery_time_left", "inference_rate", "battery"])
@given(share=st.floats(0, 1))
def test_a_canonical_value_of_a_state_survives_the_way_back(name: str, share: float) -> None:
    signal = SIGNALS[name]
    assert signal.high is not None
    value = signal.to_canonical(signal.from_canonical(signal.high) * share)
    assert signal.to_canonical(signal.from_canonical(value)) == value


def test_replacing_a_value_keeps_what_was_clamped_and_adds_to_it() -> None:
    made = state(battery_pct=150.0).replaced(inference_latency_ms=1e9, cpu_utilization_pct=5.0)
    assert (made.battery_pct, made.cpu_utilization_pct) == (100.0, 5.0)
    assert made.clamped == ("battery", "inference_latency")


def test_the_same_values_at_another_moment_keep_what_was_clamped() -> None:
    made = state(battery_pct=130, cpu_utilization_pct=5)
    later = made.at(7.5)
    assert (later.timestamp, later.battery_pct, later.clamped) == (7.5, 100.0, ("battery",))
    assert attrs.evolve(later, timestamp=0.0) == made


@pytest.mark.parametrize("name", ["battery_time_left", "inference_rate"])
@given(tenths=st.integers(0, 200_000))
def test_a_usual_number_survives_the_way_to_the_canonical_unit_and_back(name: str, tenths: int) -> None:
    signal = SIGNALS[name]
    assert signal.from_canonical(signal.to_canonical(tenths / 10)) == tenths / 10
