"""Counts and records where a running policy breaks one of its own properties."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from edgeadapt.engine.journal import Journal
from edgeadapt.observability import PropertyViolated
from edgeadapt.policy import PolicySession
from edgeadapt.program import Decision, Program
from edgeadapt.runtime.inputs import Given
from edgeadapt.runtime.property_watch import PropertyWatch
from edgeadapt.state import DeviceState


class PropertyNotes:
    """Watches the properties of one session's program."""

    def __init__(self, program: Program, active: str | None, journal: Journal) -> None:
        self._watch = PropertyWatch(program)
        self._has_bands = bool(program.bands)
        self._journal = journal
        if active is not None:
            self._watch.committed(active, 0.0)

    def stepped(
        self, session: PolicySession, state: DeviceState, inputs: Mapping[str, Given], decision: Decision
    ) -> None:
        """Judge a step that was made."""
        bands = session.snapshot()["bands"] if self._has_bands else ()
        for it in self._watch.stepped(state, inputs, bands, decision.target):
            self._journal.count("property_violations")
            event = PropertyViolated(state.timestamp, it.property, it.problem)
            text = f"property `{it.property}` does not hold: {it.problem}"
            self._journal.record(event, text, logging.WARNING)

    def committed(self, variant: str, at_s: float) -> None:
        """Take notice of what serves."""
        self._watch.committed(variant, at_s)
