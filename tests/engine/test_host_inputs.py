"""What the host reported goes on being right when the policy that takes it changes."""

from __future__ import annotations

import pytest

from edgeadapt.engine.host_inputs import HostInputs
from edgeadapt.program.kind import Boolean, Numeric
from edgeadapt.runtime import HostInput
from edgeadapt.units import Dimension


def number(name: str, high: float = 10.0, stale_s: float | None = None) -> HostInput:
    stale_ns = None if stale_s is None else int(stale_s * 1e9)
    return HostInput(name, Numeric(Dimension.NUMBER), 0.0, high, stale_ns)


def test_a_value_goes_over_with_its_age() -> None:
    inputs = HostInputs([number("noise", stale_s=100.0)])
    inputs.feed(0.0, {"noise": 3})
    inputs.redeclare([number("noise", stale_s=5.0), number("light")])
    assert inputs.values(4.0) == {"noise": 3.0, "light": None}
    assert inputs.values(6.0) == {"noise": None, "light": None}


def test_a_value_of_another_kind_is_unknown_until_it_is_reported_again() -> None:
    inputs = HostInputs([number("noise")])
    inputs.feed(0.0, {"noise": 3})
    inputs.redeclare([HostInput("noise", Boolean(), None, None, None)])
    assert inputs.values(0.0) == {"noise": None}
    inputs.feed(1.0, {"noise": True})
    assert inputs.values(1.0) == {"noise": True}


def test_what_only_an_earlier_policy_took_is_taken_and_forgotten() -> None:
    inputs = HostInputs([number("noise")])
    inputs.redeclare([number("light")])
    inputs.feed(0.0, {"noise": 3, "light": 4})
    assert inputs.values(0.0) == {"light": 4.0}
    with pytest.raises(ValueError, match="no input `nose`"):
        inputs.feed(0.0, {"light": 5, "nose": 3})
    assert inputs.values(0.0) == {"light": 4.0}


def test_clamped_values_are_counted_once() -> None:
    inputs = HostInputs([number("noise")])
    inputs.feed(0.0, {"noise": 99})
    inputs.redeclare([number("noise", high=20.0)])
    assert (inputs.clamped(), inputs.values(0.0)) == (1, {"noise": 20.0})
    inputs.feed(1.0, {"noise": 99})
    assert inputs.clamped() == 2


def test_early_values_count_from_the_start() -> None:
    inputs = HostInputs([number("noise", stale_s=5.0)], [number("light", stale_s=5.0)])
    inputs.feed_early({"noise": 3, "light": 4})
    inputs.begin(100.0)
    assert (inputs.values(104.0), inputs.shadow_values(104.0)) == ({"noise": 3.0}, {"light": 4.0})
    assert (inputs.values(106.0), inputs.shadow_values(106.0)) == ({"noise": None}, {"light": None})
