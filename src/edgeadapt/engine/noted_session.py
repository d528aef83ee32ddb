"""A policy's session whose every step and commit is noted, as far as anybody wants to know: sinks and properties.

What is not noted is the session's own. It decides nothing, and nothing it does fails a step.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from edgeadapt.engine.decision_notes import DecisionNotes, program_of
from edgeadapt.engine.journal import Journal
from edgeadapt.engine.property_notes import PropertyNotes
from edgeadapt.engine.state_file import Saved
from edgeadapt.observability import ObservabilityCollector
from edgeadapt.policy import BasePolicy, PolicySession
from edgeadapt.program import Decision
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


def noted(
    session: PolicySession,
    policy: BasePolicy,
    family: ModelFamily,
    observability: ObservabilityCollector,
    journal: Journal,
    saved: Saved,
) -> PolicySession:
    """Return the session with notes beside it, and itself where nobody wants any: no sinks, and no properties."""
    program, now_s = program_of(policy), journal.now()
    decisions = properties = None
    if observability.has_sinks:
        memory = None if session.refused else saved.session
        decisions = DecisionNotes(
            policy, family, observability, at_s=now_s, memory=memory, elapsed_s=saved.elapsed_s
        )
    if program is not None and program.properties:
        properties = PropertyNotes(program, session.active, journal)
    if decisions is None and properties is None:
        return session
    # The rest of the protocol is passed on by `__getattr__`, which a type checker does not see.
    return cast(PolicySession, NotedSession(session, decisions, properties))
