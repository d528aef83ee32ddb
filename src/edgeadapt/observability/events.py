"""What can happen to a running engine, one frozen type a kind.

A kind's name ends in its version: a field may be added within a version, and is never renamed, removed or given
another meaning. `at_s` is on the clock of the device states' timestamps.
"""

from __future__ import annotations

from typing import Any, ClassVar

import attrs

from edgeadapt.state import DeviceState


@attrs.frozen
class Event:
    """The parent of every event."""

    kind: ClassVar[str] = "event.v1"

    at_s: float

    def as_dict(self) -> dict[str, Any]:
        """Return the event as plain data that JSON can hold, its kind included."""
        return {"kind": self.kind, **attrs.asdict(self)}


@attrs.frozen
class EngineStarted(Event):
    """The engine serves; `failed` names the variants that were tried before and why they could not."""

    kind: ClassVar[str] = "engine_started.v1"

    variant: str
    failed: tuple[tuple[str, str], ...] = ()


@attrs.frozen
class EngineStopped(Event):
    """The engine no longer serves; `clean` is false where a load or a callback outlasted the stop."""

    kind: ClassVar[str] = "engine_stopped.v1"

    clean: bool = True


@attrs.frozen
class ProfileTick(Event):
    """A state was measured; it has what the engine observed of inference, too."""

    kind: ClassVar[str] = "profile_tick.v1"

    state: DeviceState


@attrs.frozen
class DecisionChanged(Event):
    """The policy's answer differs from the one before in target, rule or reason."""

    kind: ClassVar[str] = "decision_changed.v1"

    target: str | None
    active: str | None
    rule: str
    reason: str


@attrs.frozen
class SwapStage(Event):
    """A swap went one stage on; `code` is one of `edgeadapt.swap_codes`, `error` empty where nothing failed.

    `rule` is the policy's rule that wanted it, or else `action` what the operator asked for: pin, preload or
    rollback; or reload, where what serves is another model in a family that was reloaded.
    """

    kind: ClassVar[str] = "swap_stage.v1"

    code: str
    variant: str
    previous: str | None = None
    generation: int = 0
    load_time_s: float = 0.0
    stage: str = ""
    error: str = ""
    rule: str = ""
    action: str = ""


@attrs.frozen
class SwapRefused(Event):
    """A swap that is wanted is not asked for: a guard or a pin holds it back, or the variant is unavailable.

    `code` is SWAP_PINNED, a SWAP_SUPPRESSED_* or a SWAP_SKIPPED_* code; `reason` says more where there is more.
    """

    kind: ClassVar[str] = "swap_refused.v1"

    code: str
    variant: str
    reason: str = ""


@attrs.frozen
class AvailabilityChanged(Event):
    """A variant became a candidate again, or stopped being one: `code` is then a SWAP_SKIPPED_* code."""

    kind: ClassVar[str] = "availability_changed.v1"

    variant: str
    available: bool
    code: str = ""
    reason: str = ""


@attrs.frozen
class Fallback(Event):
    """A variant failed to load and another one serves in its place."""

    kind: ClassVar[str] = "fallback.v1"

    variant: str
    serving: str
    error: str


@attrs.frozen
class GapEnded(Event):
    """A variant serves again after a gap, in which nothing served for `seconds`: its begin is SWAP_GAP_BEGAN."""

    kind: ClassVar[str] = "gap_ended.v1"

    variant: str
    seconds: float


@attrs.frozen
class OperatorAction(Event):
    """The operator asked for something: `action` is pin, unpin, freeze, preload or rollback; or pin_ended, by itself.

    `variant` is what it is about; None for an unpin. `who` and `why` are the operator's own words, if any, and with
    pin_ended `why` is the engine's. `for_s` is how long a pin is to last; None: until it is ended.
    """

    kind: ClassVar[str] = "operator.v1"

    action: str
    variant: str | None = None
    who: str = ""
    why: str = ""
    for_s: float | None = None


@attrs.frozen
class Reloaded(Event):
    """A policy's or family's file was read again: `what` is policy or family, `outcome` reloaded, unchanged or refused.

    `detail` says why it was refused, and what else is to know. `before` is the digest of what was in use, `digest` of
    what is from now on; both are empty for a policy without one. `memory_kept`: whether the policy's memory goes on; None
    where nothing changed. `who` and `why` are the words of whoever asked; without any the file was seen to change.
    """

    kind: ClassVar[str] = "reload.v1"

    what: str
    path: str
    outcome: str
    detail: str = ""
    before: str = ""
    digest: str = ""
    memory_kept: bool | None = None
    who: str = ""
    why: str = ""


@attrs.frozen
class ShadowDiffered(Event):
    """The shadow policy would have another variant serve than the engine's own, or, with `agrees`, the same one again.

    `variant` is the own policy's choice, by `rule` with `reason`, and `shadow_variant` the shadow's. Told once while it
    lasts.
    """

    kind: ClassVar[str] = "shadow.v1"

    agrees: bool
    variant: str | None
    rule: str
    reason: str
    shadow_variant: str | None
    shadow_rule: str
    shadow_reason: str


@attrs.frozen
class NativeFallback(Event):
    """A variant serves through Python's ONNX Runtime, because the native one can't: told once a reason."""

    kind: ClassVar[str] = "native_fallback.v1"

    variant: str
    reason: str


@attrs.frozen
class Failure(Event):
    """Something beside a load failed and the engine went on: `what` names the part, `error` what it said."""

    kind: ClassVar[str] = "failure.v1"

    what: str
    error: str


@attrs.frozen
class PropertyViolated(Event):
    """The policy breaks one of its own properties: told once while it lasts."""

    kind: ClassVar[str] = "property_violated.v1"

    property: str
    problem: str
