"""A policy that is played as it is, while every decision of it is noted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from edgeadapt.policy import RulePolicy
from edgeadapt.program.decision import Decision
from edgeadapt.program.program import Program
from edgeadapt.program.status import VariantStatus
from edgeadapt.registry.family import ModelFamily
from edgeadapt.runtime import Session
from edgeadapt.state import DeviceState


@attrs.frozen
class Step:
    """One decision: at what time of the day, on what state, what came out, and each rule's phase after it."""

    time_of_day_s: float
    state: DeviceState
    decision: Decision
    phases: tuple[tuple[str, str], ...]


class WatchedPolicy(RulePolicy):
    """A rule policy whose sessions append each step to `steps`."""

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self.steps: list[Step] = []

    def session(
        self,
        family: ModelFamily,
        *,
        auto_commit: bool = True,
        snapshot: Mapping[str, Any] | None = None,
        elapsed_s: float = 0.0,
    ) -> Session:
        """Return a session that notes what it decides."""
        return _WatchedSession(
            self.steps,
            self.program,
            family,
            auto_commit=auto_commit,
            snapshot=snapshot,
            elapsed_s=elapsed_s,
        )


class _WatchedSession(Session):
    def __init__(self, steps: list[Step], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._steps = steps

    def step(
        self,
        state: DeviceState,
        inputs: Mapping[str, float | bool | str | None] | None = None,
        variants: Mapping[str, VariantStatus] | None = None,
        explain: bool = False,
    ) -> Decision:
        decision = super().step(state, inputs, variants, explain)
        self._steps.append(Step(state.timestamp, state, decision, tuple(self.phases.items())))
        return decision
