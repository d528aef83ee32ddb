"""An engine's status as a short table: what serves and which order is in force come first, what is usual is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from edgeadapt.cli.output.columns import columns
from edgeadapt.cli.output.terminal import printable
from edgeadapt.cli.output.words import digits, span


def status_lines(status: Mapping[str, Any]) -> list[str]:
    """Return the table's lines."""
    return columns([[name, printable(text)] for name, text in _rows(status)])


def _rows(status: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "serves", _serving(status)
    if status["pinned_variant"] is not None:
        yield "pinned", _pin(status)
    if status["pending_variant"] is not None:
        yield "loading", _loading(status)
    yield "policy", _policy(status)
    yield "family", status["family"]
    if status["previous_variant"] is not None:
        yield "rollback", f"leads to {status['previous_variant']}"
    if status["preloaded"]:
        yield "ready", ", ".join(status["preloaded"])
    for variant, reason in status["unavailable"].items():
        yield "kept out", f"{variant}: {reason}"
    if status["last_swap_reason"]:
        yield "last swap", status["last_swap_reason"]
    yield "requests", _requests(status)
    yield "swaps", _swaps(status["counters"])


def _serving(status: Mapping[str, Any]) -> str:
    if status["active_variant"] is not None:
        return str(status["active_variant"])
    if not status["running"]:
        return "nothing: the engine does not run"
    return "nothing for now: one variant makes room for another"


def _pin(status: Mapping[str, Any]) -> str:
    left, signed = status["pin_left_s"], status["pin"]
    lasting = "" if left is None else f", for another {span(round(left))}"
    by = f", by {signed['who']}" if signed["who"] else ""
    why = f": {signed['why']}" if signed["why"] else ""
    return f"{status['pinned_variant']}{lasting}{by}{why}"


def _loading(status: Mapping[str, Any]) -> str:
    text = f"{status['pending_variant']} ({status['stage']})"
    if not status["waiting_for_room"]:
        return text
    age = status["oldest_lease_age_s"]
    held = "" if age is None else f", and a lease has been held for {span(round(age))}"
    return f"{text}: waits until an old model has gone{held}"


def _policy(status: Mapping[str, Any]) -> str:
    decision = status["decision"]
    if decision is None or decision["target"] is None:
        return f"{status['policy']}: has found no variant"
    rule = decision["rule"] if decision["rule"] == "otherwise" else f"rule {decision['rule']}"
    return f"{status['policy']}: wants {decision['target']}, by {rule}"


def _requests(status: Mapping[str, Any]) -> str:
    latency, rate = status["inference_latency_ms"], status["inference_rate_hz"]
    parts = [f"{status['calls']} since the last swap"]
    if latency is not None:
        parts.append(f"{digits(latency)} ms each")
    if rate is not None:
        parts.append(f"{digits(rate)} a second")
    return ", ".join(parts)


def _swaps(counters: Mapping[str, int]) -> str:
    failed = counters["swaps_failed"] + counters["swaps_timed_out"]
    held = counters["swaps_suppressed"] + counters["swaps_pinned"]
    return f"{counters['swaps_succeeded']} done, {failed} failed, {held} held back"
