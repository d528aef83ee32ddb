"""What one snapshot gathers: for each signal a value or a reason."""

from __future__ import annotations

import math

import pytest

from edgeadapt.profiler.readings import Readings
from edgeadapt.state import SIGNALS


def test_every_signal_without_a_value_has_a_reason() -> None:
    readings = Readings()
    readings.put("battery", 80.0)
    readings.unknown("gpu", "there is none")
    reasons = readings.reasons()
    assert set(reasons) == set(SIGNALS) - {"battery"}
    assert reasons["gpu"] == "there is none"
    assert reasons["network"] == "this profiler does not measure it"
    assert reasons["inference_rate"] == "only a running engine measures it"


def test_a_value_ends_a_reason() -> None:
    readings = Readings()
    readings.unknown("battery", "not yet")
    readings.put("battery", 80.0)
    assert "battery" not in readings.reasons()


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_unknown_with_a_reason(value: float) -> None:
    readings = Readings()
    readings.put("temperature", value)
    assert readings.state(0.0).thermal_zone_c is None
    assert readings.reasons()["temperature"] == "what was read is not a finite number"


def test_a_value_out_of_range_is_clamped_and_counted() -> None:
    readings = Readings()
    readings.put("cpu_frequency", 1e9)
    state = readings.state(3.0)
    assert (state.cpu_frequency_mhz, state.clamped, state.timestamp) == (20_000.0, ("cpu_frequency",), 3.0)
