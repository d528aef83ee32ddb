from __future__ import annotations

import logging
from typing import Any

import pytest

from edgeadapt.observability import PropertyViolated
from edgeadapt.policy import StabilityGuard

PROMISING = """
edition 1
policy promising {
  let weak = battery < 20% band 20%
  rule low { when battery < 10% use tiny }
  otherwise use medium
  guard { cooldown 0 s }
  property spare { always use tiny when weak }
}
"""


def test_a_broken_property_is_counted_recorded_and_logged_once_while_it_lasts(
    bench: Any, caplog: pytest.LogCaptureFixture
) -> None:
    # The band keeps 30 % weak once it was below 20 %.
    engine = bench.running(50, 15, 30, 50, 15, policy=bench.policy(PROMISING))
    with caplog.at_level(logging.WARNING, "edgeadapt.engine"):
        for _ in range(4):
            bench.poll(engine)
    assert engine.status().counters["property_violations"] == 2
    assert engine.observability.events("property_violated.v1") == (
        PropertyViolated(10.0, "spare", "the policy wants `medium`"),
        PropertyViolated(40.0, "spare", "the policy wants `medium`"),
    )
    assert caplog.messages == ["property `spare` does not hold: the policy wants `medium`"] * 2


def test_a_property_that_holds_is_not_told_of(bench: Any) -> None:
    engine = bench.running(50, 5, policy=bench.policy(PROMISING))
    bench.poll(engine)
    bench.swapped()
    assert engine.status().counters["property_violations"] == 0


def test_a_policy_inside_a_guard_is_watched_as_well(bench: Any) -> None:
    text = PROMISING.replace("  guard { cooldown 0 s }\n", "")
    engine = bench.running(50, 15, policy=StabilityGuard(bench.policy(text)))
    bench.poll(engine)
    assert engine.status().counters["property_violations"] == 1
