"""One `test` block played through a policy: section 7 of the language, step by step, each explained if asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from edgeadapt.language.trials import PolicyTest, TrialStep
from edgeadapt.program.decision import Decision
from edgeadapt.program.kind import Word
from edgeadapt.program.program import Program
from edgeadapt.registry.family import ModelFamily
from edgeadapt.runtime import InputLatch, Session
from edgeadapt.runtime.inputs import Given
from edgeadapt.state import SIGNALS, DeviceState

Value = float | bool | None
# What a test starts with; all that is optional starts unknown.
_START: dict[str, Value] = {"cpu": 0.0, "memory_available": 4000.0}


@attrs.frozen
class StepRun:
    """A step and what came of it; `before` was active, and `bands` are the policy's bands after the step."""

    step: TrialStep
    state: DeviceState
    inputs: Mapping[str, Given]
    before: str | None
    decision: Decision
    bands: tuple[bool, ...]

    @property
    def seconds(self) -> float:
        """When the step is."""
        return self.step.at_ns / 1e9

    @property
    def fails(self) -> bool:
        """Whether another variant is active than the step expects."""
        return self.step.expect is not None and self.step.expect != self.decision.active


@attrs.frozen
class TrialRun:
    """A test that was played, as far as its last step."""

    test: PolicyTest
    steps: tuple[StepRun, ...]

    @property
    def failures(self) -> tuple[StepRun, ...]:
        """The steps that expect another variant than they got."""
        return tuple(step for step in self.steps if step.fails)


def run_trial(program: Program, family: ModelFamily, test: PolicyTest, *, explain: bool = True) -> TrialRun:
    """Play a test on a session of its own; raises ValueError where the family lacks a variant of the policy."""
    session = Session(program, family)
    latch = InputLatch(session.inputs)
    words = {it.name: it.kind.words if isinstance(it.kind, Word) else () for it in session.inputs}
    values = dict(_START)
    steps: list[StepRun] = []
    for step in test.steps:
        seconds = step.at_ns / 1e9
        for name, value in step.assigns:
            if name in words:
                latch.feed(seconds, {name: _given(words[name], value)})
            else:
                values[name] = value
        state, inputs = _state(seconds, values), latch.values(seconds)
        before = session.active
        decision = session.step(state, inputs, explain=explain)
        bands = tuple(session.snapshot()["bands"]) if program.bands else ()
        steps.append(StepRun(step, state, inputs, before, decision, bands))
    return TrialRun(test, tuple(steps))


def _given(words: tuple[str, ...], value: Value) -> Given:
    return words[int(value)] if words and value is not None else value


def _state(seconds: float, values: Mapping[str, Value]) -> DeviceState:
    attributes: dict[str, Any] = {}
    for name, signal in SIGNALS.items():
        value = values.get(name)
        if value is None or isinstance(value, bool):
            attributes[signal.attribute] = value
        elif signal.words:
            attributes[signal.attribute] = signal.words[int(value)]
        else:
            attributes[signal.attribute] = signal.from_canonical(value)
    return DeviceState(timestamp=seconds, **attributes)
