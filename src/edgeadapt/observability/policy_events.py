"""What a policy was given and what it made of it: the events from which its decisions can be made again.

They go to sinks alone, and only where there are any: a step's whole input is much to keep in a ring.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import attrs

from edgeadapt.observability.events import Event
from edgeadapt.program.decision import Decision
from edgeadapt.program.status import VariantStatus
from edgeadapt.state import SIGNALS, DeviceState


@attrs.frozen
class PolicyMemory(Event):
    """A policy's whole memory before its next step, and whose it is; a replay can begin here.

    `session` tells engines apart that share a sink, and `number` counts a session's events of these three kinds, so that
    a reader knows when one is missing. `memory` is a session's snapshot, None where it begins afresh, and
    `elapsed_s` the time from that snapshot's last step to the next one. `program` and `family` are digests, `program`
    empty for a policy written in Python; `guard` has the settings of a StabilityGuard around the policy. `wall_clock_s`
    is when that was, in seconds since 1970.
    """

    kind: ClassVar[str] = "policy_memory.v1"

    session: str
    number: int
    policy: str
    program: str
    params: Mapping[str, float | bool]
    family_name: str
    family: str
    guard: Mapping[str, float | int] | None = None
    memory: Mapping[str, Any] | None = None
    elapsed_s: float = 0.0
    wall_clock_s: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return the event as plain data that JSON can hold."""
        fields = {field.name: getattr(self, field.name) for field in attrs.fields(type(self))}
        return {"kind": self.kind, **fields}


@attrs.frozen
class PolicyStep(Event):
    """A step's whole input and the decision: state, the host's inputs as aged, and what is not available, and why."""

    kind: ClassVar[str] = "policy_step.v1"

    session: str
    number: int
    state: DeviceState
    inputs: Mapping[str, float | bool | str | None]
    variants: Mapping[str, VariantStatus]
    decision: Decision

    def as_dict(self) -> dict[str, Any]:
        """Return the event as plain data; signals that are unknown and variants that are available are left out."""
        decision = self.decision
        known = {signal.attribute: getattr(self.state, signal.attribute) for signal in SIGNALS.values()}
        return {
            "kind": self.kind,
            "at_s": self.at_s,
            "session": self.session,
            "number": self.number,
            "state": {
                "timestamp": self.state.timestamp,
                **{name: value for name, value in known.items() if value is not None},
            },
            "inputs": dict(self.inputs),
            "unavailable": {
                name: status.reason for name, status in self.variants.items() if not status.available
            },
            "decision": {
                "target": decision.target,
                "active": decision.active,
                "swap": decision.swap,
                "rule": decision.rule,
                "reason": decision.reason,
            },
        }


@attrs.frozen
class PolicyCommitted(Event):
    """A policy was told which variant serves, since `at_s`: after a start, a commit, a rollback or a pin."""

    kind: ClassVar[str] = "policy_committed.v1"

    session: str
    number: int
    variant: str
