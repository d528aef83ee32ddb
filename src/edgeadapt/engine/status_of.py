"""Gathers what an engine says of itself, from the parts that know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgeadapt.engine.status import EngineStatus

if TYPE_CHECKING:
    from edgeadapt.engine.launch import Launch
    from edgeadapt.engine.serving import Serving
    from edgeadapt.observability import ObservabilityCollector


def status_of(
    serving: Serving | None, last: Serving | None, launch: Launch, observability: ObservabilityCollector
) -> EngineStatus:
    """Return an engine's status; `serving` is None where it does not run, `last` what it ran last."""
    swaps = {} if serving is None else serving.swapper.status()
    previous = swaps.get("previous")
    controller = None if last is None else last.controller
    observed = None if controller is None else controller.sensor.observed
    refusals = {} if controller is None else controller.availability.refusals
    shadow = None if controller is None else controller.shadow
    return EngineStatus(
        running=serving is not None,
        family=launch.in_use.family.name,
        policy=launch.in_use.policy.name,
        active_variant=None if serving is None else serving.swapper.active_variant,
        generation=0 if serving is None else serving.swapper.generation,
        pending_variant=None if serving is None else serving.controller.pending_variant,
        pinned_variant=launch.orders.pinned,
        pin_left_s=None if last is None else last.pin_left_s,
        # A rollback to one that a reload took from the family is refused.
        previous_variant=previous if previous in launch.in_use.family else None,
        preloaded=tuple(swaps.get("preloaded", ())),
        in_gap=bool(swaps.get("in_gap")),
        stage=swaps.get("stage", "idle"),
        probation=swaps.get("probation"),
        resident=swaps.get("resident", 0),
        waiting_for_room=bool(swaps.get("waiting_for_room")),
        oldest_lease_age_s=swaps.get("oldest_lease_age_s"),
        decision=None if controller is None else controller.decision,
        last_swap_reason="" if controller is None else controller.last_swap_reason,
        phases={} if controller is None else dict(controller.phases),
        unavailable={name: refusal.reason for name, refusal in refusals.items()},
        device_state=None if controller is None else controller.sensor.state,
        calls=0 if observed is None else observed.calls,
        inference_latency_ms=None if observed is None else observed.latency_ms,
        inference_rate_hz=None if observed is None else observed.rate_hz,
        shadow=None if shadow is None else shadow.status,
        counters=observability.counters(),
    )
