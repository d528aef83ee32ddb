"""A running engine's events and its summary, as lines for a person and as data."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from edgeadapt import swap_codes as codes
from edgeadapt.cli.output.columns import columns, wrapped
from edgeadapt.cli.output.terminal import printable
from edgeadapt.cli.output.words import SUPPRESSED, digits, span
from edgeadapt.observability import (
    AvailabilityChanged,
    EngineStarted,
    EngineStopped,
    Event,
    Failure,
    NativeFallback,
    OperatorAction,
    PropertyViolated,
    Reloaded,
    SwapRefused,
    SwapStage,
)

_MOST_ERRORS = 5
_HELD_BACK = {**SUPPRESSED, codes.SWAP_PINNED: "the operator's pin"}


@attrs.frozen
class Summary:
    """What came of a run; the counts of swaps are the engine's own."""

    seconds: float
    active: str | None
    requests: int
    served: Mapping[str, int]
    failed: Mapping[str, int]
    latencies_ms: Sequence[float]
    swaps: int
    swaps_failed: int
    swaps_held_back: int

    def as_dict(self) -> dict[str, Any]:
        """Return the summary as JSON data."""
        return {
            "kind": "summary",
            "seconds": round(self.seconds, 3),
            "active": self.active,
            "requests": self.requests,
            "served": dict(self.served),
            "errors": dict(self.failed),
            "latency_ms": {"p50": self._percentile(50), "p95": self._percentile(95)},
            "swaps": self.swaps,
            "swaps_failed": self.swaps_failed,
            "swaps_held_back": self.swaps_held_back,
        }

    def lines(self, *, fed: bool) -> Iterable[str]:
        """Return the summary for a person; without requests of ours (`fed` is false) it speaks of swaps only."""
        swaps = (
            f"{_counted(self.swaps, 'swap')}, {self.swaps_failed} failed, {self.swaps_held_back} held back"
        )
        yield from wrapped(f"Ran {self.seconds:.1f} s: ", f"{swaps}; {self.active or 'nothing'} serves")
        if not fed:
            return
        errors = sum(self.failed.values())
        rate = self.requests / self.seconds if self.seconds else 0.0
        yield f"{_counted(self.requests, 'request')}, {_counted(errors, 'error')}, {digits(rate)} a second"
        median, most = self._percentile(50), self._percentile(95)
        if median is not None and most is not None:
            yield f"latency: median {digits(median)} ms, 95% within {digits(most)} ms"
        if self.served:
            yield ""
            yield from columns(
                [[name, str(count)] for name, count in self.served.items()], ["variant", "answers"]
            )
        if self.failed:
            yield ""
        for message, count in Counter(self.failed).most_common(_MOST_ERRORS):
            yield from wrapped(f"{count} failed: ", printable(message))

    def _percentile(self, share: int) -> float | None:
        ordered = sorted(self.latencies_ms)
        return ordered[min(len(ordered) - 1, len(ordered) * share // 100)] if ordered else None


def event_line(event: Event, origin_s: float) -> str | None:
    """Return an event as a line with its time since `origin_s`; None for what is no news to a person."""
    said = _said(event)
    return None if said is None else "\n".join(wrapped(f"{event.at_s - origin_s:>9.1f} s  ", printable(said)))


def _said(event: Event) -> str | None:
    match event:
        case EngineStarted(variant=variant, failed=failed):
            return "; ".join(
                [f"{variant} serves", *(f"could not load {name}: {why}" for name, why in failed)]
            )
        case SwapStage():
            return _swap(event)
        case SwapRefused(code=code, variant=variant, reason=reason):
            why = f"{_HELD_BACK[code]} holds it back" if code in _HELD_BACK else reason or code
            return f"{variant} is wanted, but {why}"
        case AvailabilityChanged(variant=variant, available=available, reason=reason):
            return f"{variant} can be chosen again" if available else f"{variant} can't be chosen: {reason}"
        case Failure(what=what, error=error):
            return f"{what} failed, and serving goes on: {error}"
        case OperatorAction(action="pin_ended", variant=named, why=why):
            return f"the pin of {named} has ended: {why}"
        case OperatorAction(action=action, variant=named, who=who, why=why, for_s=for_s):
            said = f"{who or 'the operator'} said: {action}" + (f" {named}" if named else "")
            lasting = "" if for_s is None else f" for {span(for_s)}"
            return f"{said}{lasting}" + (f": {why}" if why else "")
        case Reloaded():
            return _reloaded(event)
        case NativeFallback(variant=name, reason=reason):
            return f"{name} runs through Python's ONNX Runtime: {reason}"
        case PropertyViolated(property=name, problem=problem):
            return f"the policy breaks its property {name}: {problem}"
        case EngineStopped(clean=clean) if not clean:
            return "a load or an inference has not ended in time, and was left behind"
        case _:
            return None


def _reloaded(event: Reloaded) -> str:
    name = os.path.basename(event.path)
    by = f", as {event.who} asked" if event.who else ""
    if event.outcome == "refused":
        return f"the {event.what} in use goes on, for {name} is refused{by}: {event.detail}"
    if event.outcome == "unchanged":
        return f"the {event.what} in use is what {name} has{by}"
    return f"the {event.what} is reloaded from {name}{by}" + (f": {event.detail}" if event.detail else "")


def _swap(event: SwapStage) -> str | None:
    rule = f" by `{event.rule}`" if event.rule else ""
    match event.code:
        case codes.SWAP_COMMITTED:
            loaded = f", loaded in {digits(event.load_time_s * 1e3)} ms"
            return f"swapped from {event.previous} to {event.variant}{rule}{loaded}"
        case codes.SWAP_LOAD_FAILED:
            return f"the swap to {event.variant}{rule} failed, {event.previous} goes on: {event.error}"
        case codes.SWAP_SKIPPED_MEMORY:
            return f"{event.variant} does not fit, {event.previous} goes on: {event.error}"
        case codes.SWAP_TIMED_OUT:
            return f"{event.variant} took too long to load, {event.previous} goes on"
        case codes.SWAP_PRELOADED:
            return f"{event.variant} is ready, loaded in {digits(event.load_time_s * 1e3)} ms"
        case codes.SWAP_ROLLED_BACK:
            why = f": {event.error}" if event.error else ""
            return f"went back from {event.previous} to {event.variant}{why}"
        case codes.SWAP_SUPERSEDED | codes.SWAP_CANCELLED:
            return f"the load of {event.variant} was given up"
        case _:
            return None


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")
