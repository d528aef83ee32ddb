"""Steps taken for trial: a copy of a policy's memory makes a step with some values changed, and a later one after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from edgeadapt.program.constant import seconds_to_ns
from edgeadapt.program.decision import Decision
from edgeadapt.program.program import Program
from edgeadapt.program.status import VariantStatus
from edgeadapt.registry.family import ModelFamily
from edgeadapt.replay.changes import Change, ValueChange, Wait
from edgeadapt.runtime import Session
from edgeadapt.runtime.inputs import Given
from edgeadapt.state import SIGNALS, DeviceState
from edgeadapt.state.device_state import LATEST_S


@attrs.frozen
class Moment:
    """All that a step decides on: the policy, its memory before the step, and what the step sees.

    `snapshot` is None before the first step; `elapsed_s` is the time from the snapshot's last step to this one.
    """

    program: Program
    family: ModelFamily
    state: DeviceState
    inputs: Mapping[str, Given] = attrs.field(factory=dict)
    variants: Mapping[str, VariantStatus] = attrs.field(factory=dict)
    snapshot: Mapping[str, Any] | None = None
    elapsed_s: float = 0.0

    def session(self) -> Session:
        """Return a session as it was before the step; raises ValueError where the snapshot is not of this policy."""
        session = Session(
            self.program, self.family, snapshot=self.snapshot, elapsed_s=max(0.0, self.elapsed_s)
        )
        if session.refused:
            raise ValueError(session.refused)
        return session


class TrialSteps:
    """Makes trial steps until there were `limit`; `made` counts them."""

    def __init__(self, moment: Moment, limit: int) -> None:
        self._moment = moment
        self._session = moment.session()
        self._limit = limit
        self.made = 0

    @property
    def is_over(self) -> bool:
        """Whether no more steps may be made."""
        return self.made >= self._limit

    def decide(self, changes: Iterable[Change], *, explain: bool = False) -> Decision:
        """Return what is decided with some changes: at this step, or after a wait; each step commits its swap."""
        self.made += 1
        moment = self._moment
        attributes: dict[str, Any] = {}
        inputs = dict(moment.inputs)
        wait = 0
        for change in changes:
            if isinstance(change, Wait):
                wait = change.nanoseconds
            elif change.name in moment.program.signals:
                attributes[_attribute(change)] = change.given
            else:
                inputs[change.name] = change.given
        state = moment.state.replaced(**attributes)
        session = self._session.copy()
        decision = session.step(state, inputs, moment.variants, explain=explain and not wait)
        if wait:
            later = later_by(state.timestamp, wait)
            assert later is not None
            decision = session.step(state.at(later), inputs, moment.variants, explain=explain)
        return decision


def later_by(timestamp: float, nanoseconds: int) -> float | None:
    """Return the first timestamp at least so much later, None beyond the last one that a state can have."""
    wanted = seconds_to_ns(timestamp) + nanoseconds
    seconds = wanted / 1e9
    # The difference of two doubles can fall short; a doubling step finds one that does not, a place or two away.
    step = 1e-9
    while seconds <= LATEST_S and seconds_to_ns(seconds) < wanted:
        seconds = wanted / 1e9 + step
        step *= 2
    return seconds if seconds <= LATEST_S else None


def _attribute(change: ValueChange) -> str:
    return SIGNALS[change.name].attribute
