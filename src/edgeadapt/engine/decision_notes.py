"""Tells sinks what a session is given and decides, so that a log of it can be replayed from its start or midway."""

from __future__ import annotations

import itertools
import time
import uuid
from collections.abc import Mapping
from typing import Any

from edgeadapt.observability import ObservabilityCollector, PolicyCommitted, PolicyMemory, PolicyStep
from edgeadapt.policy import BasePolicy, PolicySession, StabilityGuard
from edgeadapt.program import Decision, Program
from edgeadapt.program.constant import param_values, seconds_to_ns
from edgeadapt.program.status import VariantStatus
from edgeadapt.registry import ModelFamily
from edgeadapt.runtime.inputs import Given
from edgeadapt.state import DeviceState

# A memory is about as long as two steps, so this is a tenth of a log; a rotated file can begin this near its size.
STEPS_PER_MEMORY = 20


class DecisionNotes:
    """The notes of one session; `memory` is what it was restored from, `elapsed_s` how long that was ago."""

    def __init__(
        self,
        policy: BasePolicy,
        family: ModelFamily,
        observability: ObservabilityCollector,
        *,
        at_s: float,
        memory: Mapping[str, Any] | None,
        elapsed_s: float,
    ) -> None:
        self._observability = observability
        self._session = uuid.uuid4().hex[:12]
        program = program_of(policy)
        self._replayable = program is not None
        self._about: dict[str, Any] = {
            "session": self._session,
            "policy": policy.name,
            "program": "" if program is None else program.digest,
            "params": {} if program is None else param_values(program),
            "family_name": family.name,
            "family": family.digest,
            "guard": policy.settings if isinstance(policy, StabilityGuard) else None,
        }
        self._steps = 0
        self._numbers = itertools.count()
        self._latest_s: float | None = None
        # A policy in Python has a memory that only it can read.
        self._remember(at_s, memory if self._replayable else None, elapsed_s)

    def before(self, session: PolicySession, state: DeviceState) -> None:
        """Note the memory from time to time, just before a step; not where the clock goes back, which it would forget."""
        latest, due = self._latest_s, self._steps >= STEPS_PER_MEMORY
        if self._replayable and due and latest is not None and state.timestamp >= latest:
            # As whole nanoseconds, which is how a session counts; a difference of seconds may round otherwise.
            elapsed_ns = seconds_to_ns(state.timestamp) - seconds_to_ns(latest)
            self._remember(state.timestamp, session.snapshot(), elapsed_ns / 1e9)

    def stepped(
        self,
        state: DeviceState,
        inputs: Mapping[str, Given],
        variants: Mapping[str, VariantStatus],
        decision: Decision,
    ) -> None:
        """Note a step that was made."""
        self._steps += 1
        self._latest_s = state.timestamp if self._latest_s is None else max(self._latest_s, state.timestamp)
        self._observability.pass_on(
            PolicyStep(state.timestamp, self._session, next(self._numbers), state, inputs, variants, decision)
        )

    def committed(self, variant: str, at_s: float) -> None:
        """Note what the session was told."""
        self._observability.pass_on(PolicyCommitted(at_s, self._session, next(self._numbers), variant))

    def _remember(self, at_s: float, memory: Mapping[str, Any] | None, elapsed_s: float) -> None:
        self._steps = 0
        self._observability.pass_on(
            PolicyMemory(
                at_s,
                number=next(self._numbers),
                **self._about,
                memory=memory,
                elapsed_s=elapsed_s,
                wall_clock_s=time.time(),
            )
        )


def program_of(policy: BasePolicy) -> Program | None:
    """Return the program of a policy, also of one inside a guard; None for one that is written in Python."""
    inner = policy.inner if isinstance(policy, StabilityGuard) else policy
    program = getattr(inner, "program", None)
    return program if isinstance(program, Program) else None
