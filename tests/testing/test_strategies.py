"""What the strategies draw is what the schema allows, and every drawn policy and trace can be played."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings

from edgeadapt.diagnostics import Source
from edgeadapt.language.formatter import format_policy
from edgeadapt.language.parser import parse
from edgeadapt.policy import RulePolicy
from edgeadapt.testing import device_states, families, policies, traces

NAMES = ("tiny", "small", "full")


@given(device_states(battery_pct=20.0))
@settings(max_examples=30, deadline=None)
def test_states_are_in_range_and_as_asked(state) -> None:
    assert state.clamped == ()
    assert state.battery_pct == 20.0


def test_an_attribute_that_is_none_is_refused() -> None:
    with pytest.raises(TypeError, match="`batery_pct` is no attribute"):
        device_states(batery_pct=20.0)


@given(policies(), traces(max_steps=20), families(names=NAMES))
@settings(max_examples=30, deadline=None)
def test_a_drawn_policy_is_canonical_and_plays_a_drawn_trace(policy, trace, family) -> None:
    assert format_policy(parse(Source("drawn.eap", policy.text))) == policy.text
    session = RulePolicy(policy.program).session(family)
    assert all(session.step(state).target in NAMES for state in trace)


@given(traces(unknowns=False, clock_steps=False))
@settings(max_examples=20, deadline=None)
def test_unknowns_and_clock_steps_can_be_left_out(trace) -> None:
    assert all(state.battery_pct is not None and state.clamped == () for state in trace)
    assert [state.timestamp for state in trace] == sorted(state.timestamp for state in trace)


def test_without_hypothesis_the_error_says_what_to_install() -> None:
    code = "import sys; sys.modules['hypothesis'] = None\nfrom edgeadapt.testing import traces"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "pip install 'edgeadapt[testing]'" in done.stderr
