"""A policy's session whose every step and commit is noted, as far as anybody wants to know: sinks and properties.

What is not noted is the session's own. It decides nothing, and nothing it does fails a step.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from edgeadapt.engine.decision_notes import DecisionNotes, program_of
from edgeadapt.engine.journal import Journal
from edgeadapt.engine.property_notes import PropertyNotes
from edgeadapt.engine.succession import Successor
from edgeadapt.observability import ObservabilityCollector
from edgeadapt.policy import BasePolicy, PolicySession
from edgeadapt.program import Decision, Program
from edgeadapt.program.status import VariantStatus
from edgeadapt.registry import ModelFamily
from edgeadapt.runtime.inputs import Given
from edgeadapt.state import DeviceState


class NotedSession:
    """A session with notes beside it; used where the session is, on one thread."""

    def __init__(
        self, inner: PolicySession, decisions: DecisionNotes | None, properties: PropertyNotes | None
    ) -> None:
        self._inner = inner
        self._decisions = decisions
        self._properties = properties

    def step(
        self,
        state: DeviceState,
        inputs: Mapping[str, Given] | None = None,
        variants: Mapping[str, VariantStatus] | None = None,
        explain: bool = False,
    ) -> Decision:
        """Decide for one state."""
        if self._decisions is not None:
            self._decisions.before(self._inner, state)
        decision = self._inner.step(state, inputs, variants, explain)
        if self._decisions is not None:
            self._decisions.stepped(state, inputs or {}, variants or {}, decision)
        if self._properties is not None:
            self._properties.stepped(self._inner, state, inputs or {}, decision)
        return decision

    def committed(self, variant: str, timestamp: float) -> None:
        """Take notice that a variant serves."""
        self._inner.committed(variant, timestamp)
        if self._decisions is not None:
            self._decisions.committed(variant, timestamp)
        if self._properties is not None:
            self._properties.committed(variant, timestamp)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class NotedSessions:
    """Puts notes beside the sessions of one engine, one session after the other."""

    def __init__(self, observability: ObservabilityCollector, journal: Journal) -> None:
        self._observability = observability
        self._journal = journal
        self._properties: tuple[str, PropertyNotes] | None = None

    def noted(self, made: Successor, policy: BasePolicy, family: ModelFamily) -> PolicySession:
        """Return the session with notes beside it, and itself where nobody wants any: no sinks, and no properties."""
        program, decisions, properties = program_of(policy), None, None
        if self._observability.has_sinks:
            decisions = DecisionNotes(
                policy,
                family,
                self._observability,
                at_s=self._journal.now(),
                memory=made.memory,
                elapsed_s=made.elapsed_s,
            )
        if program is not None and program.properties:
            properties = self._watch(program, made.session.active)
        if decisions is None and properties is None:
            return made.session
        # The rest of the protocol is passed on by `__getattr__`, which a type checker does not see.
        return cast(PolicySession, NotedSession(made.session, decisions, properties))

    def _watch(self, program: Program, active: str | None) -> PropertyNotes:
        before = self._properties
        # Of the same program it goes on: what lasts is not told again, and what was true before counts.
        if before is None or before[0] != program.digest:
            self._properties = before = (program.digest, PropertyNotes(program, active, self._journal))
        return before[1]
