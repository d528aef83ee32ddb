"""Every `test` block of every shipped policy, run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from edgeadapt.diagnostics import Source
from edgeadapt.language.checker import check
from edgeadapt.language.parser import parse
from edgeadapt.language.trials import PolicyTest, TrialStep
from edgeadapt.program.decision import Decision
from edgeadapt.program.kind import Word
from edgeadapt.program.program import Program
from edgeadapt.registry.family import ModelFamily
from edgeadapt.runtime import InputLatch, Session
from edgeadapt.shipped import shipped
from edgeadapt.state import SIGNALS, DeviceState

DIGITS = ModelFamily.from_yaml(shipped("families/digits.yaml"))
POLICIES = sorted(shipped("policies").glob("*.eap"))
# Language.md, section 7: what a test starts with.
START = {"cpu": 0.0, "memory_available": 4000.0}


def checked(path):
    return check(parse(Source(path.name, path.read_text(encoding="utf-8"))), DIGITS)


CASES = [
    pytest.param(result.program, test, id=f"{path.stem}-{test.name}")
    for path in POLICIES
    for result in (checked(path),)
    for test in result.tests
]


def state_at(seconds: float, values: dict[str, float | bool | None]) -> DeviceState:
    attributes = {}
    for name, signal in SIGNALS.items():
        value = values.get(name)
        if value is not None and signal.words:
            value = signal.words[int(value)]
        elif isinstance(value, float):
            value = signal.from_canonical(value)
        attributes[signal.attribute] = value
    return DeviceState(timestamp=seconds, **attributes)


def play(program: Program, test: PolicyTest) -> Iterator[tuple[TrialStep, Decision, Session]]:
    session = Session(program, DIGITS)
    latch = InputLatch(session.inputs)
    kinds = {declared.name: declared.kind for declared in session.inputs}
    values: dict[str, float | bool | None] = dict(START)
    for step in test.steps:
        seconds = step.at_ns / 1e9
        for name, value in step.assigns:
            kind = kinds.get(name)
            if kind is None:
                values[name] = value
            elif isinstance(kind, Word) and value is not None:
                latch.feed(seconds, {name: kind.words[int(value)]})
            else:
                latch.feed(seconds, {name: value})
        yield step, session.step(state_at(seconds, values), latch.values(seconds)), session


def failures(program: Program, test: PolicyTest) -> list[str]:
    """Run a test; return a line for each expectation that was not met."""
    return [
        f"at {step.at_ns / 1e9:g} s: {decision.active} by {decision.rule}, not {step.expect}"
        for step, decision, _ in play(program, test)
        if step.expect not in (None, decision.active)
    ]


@pytest.mark.parametrize(("program", "test"), CASES)
def test_a_shipped_policys_own_test_passes(program, test):
    assert failures(program, test) == []


def test_a_failing_expectation_would_be_seen():
    text = "edition 1 policy p { otherwise use tiny test t { at 0 s: cpu = 1% expect full } }"
    result = check(parse(Source("p.eap", text)), DIGITS)
    assert failures(result.program, result.tests[0]) == ["at 0 s: tiny by otherwise, not full"]


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_a_shipped_policy_has_no_diagnostics_and_has_tests(path):
    result = checked(path)
    assert result.diagnostics == ()
    assert result.tests


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_the_tests_of_a_shipped_policy_enter_and_leave_every_rule(path):
    result = checked(path)
    entered, left = set(), set()
    for test in result.tests:
        before: set[str] = set()
        for _, _, session in play(result.program, test):
            active = {name for name, phase in session.phases.items() if phase in ("active", "ending")}
            entered |= active
            left |= before - active
            before = active
    rules = {rule.name for rule in result.program.rules}
    assert (rules - entered, rules - left) == (set(), set())
