"""What every shipped policy decides over the shipped day, as recorded beside; EDGEADAPT_UPDATE_CORPUS=1 records anew."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

from edgeadapt.policy import RulePolicy
from edgeadapt.profiler.recorded import read_trace
from edgeadapt.registry.family import ModelFamily
from edgeadapt.runtime import InputLatch
from edgeadapt.shipped import shipped

DIGITS = ModelFamily.from_yaml(shipped("families/digits.yaml"))
POLICIES = sorted(shipped("policies").glob("*.eap"))
DAY = shipped("policies/traces/day.csv")
UPDATE = os.environ.get("EDGEADAPT_UPDATE_CORPUS") == "1"


def decisions(policy_path: Path) -> str:
    """Return a line for each step whose decision differs from the one before."""
    session = RulePolicy.from_file(policy_path).session(DIGITS)
    latch = InputLatch(session.inputs)
    declared = {one.name for one in session.inputs}
    lines, last = ["# time rule target active reason"], None
    for row in read_trace(DAY).rows:
        seconds = row.state.timestamp
        latch.feed(seconds, {name: value for name, value in row.inputs.items() if name in declared})
        step = session.step(row.state, latch.values(seconds))
        decided = (step.rule, step.target, step.active, step.reason)
        if decided != last:
            clock = f"{int(seconds // 3600):02}:{int(seconds // 60 % 60):02}"
            lines.append(" ".join([clock, *map(str, decided)]))
        last = decided
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_a_shipped_policy_decides_over_the_day_as_recorded(path):
    recorded = Path(__file__).parent / f"{path.stem}.trace"
    now = decisions(path)
    if UPDATE:
        recorded.write_text(now, encoding="utf-8")
    assert now == recorded.read_text(encoding="utf-8")


def test_the_day_is_what_its_script_makes():
    spec = importlib.util.spec_from_file_location("make_day", DAY.with_name("make_day.py"))
    make_day = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make_day)
    assert make_day.day_csv() == DAY.read_text(encoding="utf-8")


def test_the_day_says_that_its_signals_are_simulated():
    assert "Every signal is simulated" in DAY.read_text(encoding="utf-8").partition("timestamp,")[0]


def test_the_day_enters_every_rule_of_the_phone_policy():
    rules = {rule.name for rule in RulePolicy.from_file(shipped("policies/phone.eap")).program.rules}
    entered = {line.split()[1] for line in decisions(shipped("policies/phone.eap")).splitlines()[1:]}
    # What the engine observes of its own answers is in no recording of a device.
    assert rules - entered == {"slow"}
