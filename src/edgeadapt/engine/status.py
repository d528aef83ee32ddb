"""What an engine says of itself, as values; `attrs.asdict` makes an EngineStatus plain data that JSON can hold."""

from __future__ import annotations

from typing import Any

import attrs

from edgeadapt.engine.shadow import ShadowStatus
from edgeadapt.program import Decision
from edgeadapt.state import DeviceState


@attrs.frozen
class InferenceResult:
    """The outputs of one inference, and which generation of which variant gave them, in which time."""

    outputs: Any
    variant: str
    generation: int
    latency_ms: float


@attrs.frozen
class EngineStatus:
    """An engine at one moment.

    Nothing serves in a gap, while one variant makes room for another: `active_variant` is None. `pending_variant` is
    being loaded, and `stage` is where that load is; `pinned_variant` is the operator's order, and `pin_left_s` how long
    it lasts yet, None until it is ended; `previous_variant` is where
    a rollback leads; `probation` is None, or a dict of variant, inferences, errors and seconds_left. `resident` counts the
    models in memory; a load that is `waiting_for_room` waits for an old one to go, which a lease may keep:
    `oldest_lease_age_s` then is how long it has been held. `unavailable` says why a variant can't be chosen now; `phases`
    are those of the policy's rules; `calls` counts inferences since the last commit, and the two figures beside it are unknown until
    there are twenty; `shadow` is what a shadow policy would do, None without one; `counters` are explained in `edgeadapt.observability.COUNTERS`.
    """

    running: bool
    family: str
    policy: str
    active_variant: str | None
    generation: int
    pending_variant: str | None
    pinned_variant: str | None
    pin_left_s: float | None
    previous_variant: str | None
    preloaded: tuple[str, ...]
    in_gap: bool
    stage: str
    probation: dict[str, Any] | None
    resident: int
    waiting_for_room: bool
    oldest_lease_age_s: float | None
    decision: Decision | None
    last_swap_reason: str
    phases: dict[str, str]
    unavailable: dict[str, str]
    device_state: DeviceState | None
    calls: int
    inference_latency_ms: float | None
    inference_rate_hz: float | None
    shadow: ShadowStatus | None
    counters: dict[str, int]
