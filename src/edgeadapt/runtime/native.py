"""The native evaluator behind the session's interface: decides what the reference decides, bit for bit.

What is rare is done here, and an explained step by the reference itself, on the same memory.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from edgeadapt import _core
from edgeadapt.program.constant import seconds_to_ns
from edgeadapt.program.decision import Decision
from edgeadapt.program.program import Program
from edgeadapt.program.status import VariantStatus
from edgeadapt.registry.family import ModelFamily
from edgeadapt.runtime.inputs import Given, HostInput
from edgeadapt.runtime.memory import Memory
from edgeadapt.runtime.plan import make_plan
from edgeadapt.runtime.rule_machine import Phase, RuleState
from edgeadapt.runtime.session import OTHERWISE, Session
from edgeadapt.state import SIGNALS, DeviceState, Signal
from edgeadapt.swap_codes import (
    ADOPTED,
    NO_CANDIDATE,
    SWAP_POLICY_RECOMMEND,
    SWAP_SUPPRESSED_COOLDOWN,
    SWAP_SUPPRESSED_RATE,
    UNCHANGED,
)

# In the order of the C++ enumerations.
REASONS = (
    ADOPTED,
    UNCHANGED,
    SWAP_POLICY_RECOMMEND,
    SWAP_SUPPRESSED_COOLDOWN,
    SWAP_SUPPRESSED_RATE,
    NO_CANDIDATE,
)
_PHASES = (Phase.IDLE, Phase.PENDING, Phase.ACTIVE, Phase.ENDING)
_PHASE_CODES = {phase: code for code, phase in enumerate(_PHASES)}


class NativeSession(_core.Stepper):
    """A session as `edgeadapt.runtime.Session`, which see, that steps in native code."""

    def __init__(
        self,
        program: Program,
        family: ModelFamily,
        *,
        auto_commit: bool = True,
        snapshot: Mapping[str, Any] | None = None,
        elapsed_s: float = 0.0,
    ) -> None:
        self._reference = Session(
            program, family, auto_commit=auto_commit, snapshot=snapshot, elapsed_s=elapsed_s
        )
        plan = make_plan(program, family)
        rows = [_row(SIGNALS[name]) for name in program.signals]
        super().__init__(plan, DeviceState, rows, auto_commit)
        self.program = program
        self.family = family
        self._variants = family.names
        self._rules = (*(rule.name for rule in program.rules), OTHERWISE)
        # A restored memory has no place on the clock before its first step, which the reference finds.
        self.waits_for_reference = self._reference.is_restored

    @property
    def active(self) -> str | None:
        """The variant that serves, as far as the session was told."""
        return self._reference.active if self.waits_for_reference else self._name(self.active_index)

    @property
    def inputs(self) -> tuple[HostInput, ...]:
        """The inputs that the policy takes from the host."""
        return self._reference.inputs

    @property
    def phases(self) -> dict[str, str]:
        """Each rule's phase after the last step."""
        if self.waits_for_reference:
            return self._reference.phases
        return {name: _PHASES[code].value for name, code in zip(self._rules, self.phase_codes, strict=False)}

    @property
    def refused(self) -> str:
        """Why a snapshot was refused; empty where none was."""
        return self._reference.refused

    @property
    def clamped(self) -> dict[str, int]:
        """How often a value of each signal or input was out of its range."""
        return self._reference.clamped

    @property
    def clock_steps_back(self) -> int:
        """How often a timestamp was earlier than the one before it."""
        return self._reference.clock_steps_back + self.steps_back

    def committed(self, variant: str, timestamp: float) -> None:
        """Take notice that `variant` serves since `timestamp` (seconds, the states' clock)."""
        if self.waits_for_reference or variant not in self.family:
            self._reference.committed(variant, timestamp)
        else:
            self.commit(self._variants.index(variant), seconds_to_ns(timestamp))

    def snapshot(self) -> dict[str, Any]:
        """Return the whole memory as JSON-able data."""
        self._lend()
        return self._reference.snapshot()

    def _decision(self, target: int, active: int, swap: bool, rule: int, reason: int) -> Decision:
        return Decision(self._name(target), self._name(active), swap, self._rules[rule], REASONS[reason])

    def _name(self, index: int) -> str | None:
        return None if index < 0 else self._variants[index]

    def _step_by_reference(
        self,
        state: DeviceState,
        inputs: Mapping[str, Given] | None,
        variants: Mapping[str, VariantStatus] | None,
        explain: bool,
    ) -> Decision:
        self._lend()
        decision = self._reference.step(state, inputs, variants, explain)
        self.waits_for_reference = False
        self.memory_row = _to_native(self._reference.memory, self._variants)
        return decision

    def _lend(self) -> None:
        """Give the reference the native memory, which is ahead of its own once a step was made."""
        if not self.waits_for_reference:
            self._reference.memory = _from_native(self.memory_row, self._variants)

    def _take_inputs(self, inputs: Mapping[str, Given]) -> list[float]:
        taken = self._reference.take_inputs(inputs)
        values = (taken.get(declared.name) for declared in self.inputs)
        return [math.nan if value is None else float(value) for value in values]

    def _count_clamped(self, state: DeviceState) -> None:
        self._reference.count_clamped(state)

    def _available(self, variants: Mapping[str, VariantStatus]) -> list[bool]:
        return [name not in variants or variants[name].available for name in self._variants]


def _row(signal: Signal) -> tuple[str, float, float, tuple[str, ...]]:
    """Return a signal as the state reader takes it: value * factor / divisor is canonical, as `Signal` computes it."""
    factor = signal.scale if signal.scale > 1.0 else 1.0
    divisor = float(round(1.0 / signal.scale)) if signal.scale < 1.0 else 1.0
    return signal.attribute, factor, divisor, signal.words


def _to_native(memory: Memory, variants: tuple[str, ...]) -> tuple[Any, ...]:
    rules = [
        (_PHASE_CODES[rule.phase], rule.since, rule.ended, rule.entry, rule.exit) for rule in memory.rules
    ]
    active = -1 if memory.active is None else variants.index(memory.active)
    return memory.last, memory.bands, rules, active, memory.commits


def _from_native(memory: tuple[Any, ...], variants: tuple[str, ...]) -> Memory:
    last, bands, rules, active, commits = memory
    states = [RuleState(_PHASES[phase], *times) for phase, *times in rules]
    return Memory(bands, states, None if active < 0 else variants[active], commits, last)
