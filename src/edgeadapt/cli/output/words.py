"""The words that every view of a decision uses: times, reasons, what a step did."""

from __future__ import annotations

from edgeadapt import swap_codes as codes
from edgeadapt.program.decision import Decision, TimerState
from edgeadapt.state import SIGNALS, DeviceState
from edgeadapt.units import Dimension, format_quantity

SUPPRESSED = {
    codes.SWAP_SUPPRESSED_COOLDOWN: "the guard's `cooldown`",
    codes.SWAP_SUPPRESSED_RATE: "the guard's `at most`",
    codes.SWAP_SUPPRESSED_SMALL_CHANGE: "the guard (a small change)",
}

# What an engine puts around a policy that has no `guard`, as in `StabilityGuard`'s defaults.
ENGINES_GUARD = "cooldown 5 s, at most 6 swaps per 1 min"


def digits(value: float) -> str:
    """Write a measured number to three digits, without an exponent: `2120`, `26.4`."""
    return f"{float(f'{value:.3g}'):.15g}" if value == 0 or 1e-4 <= abs(value) < 1e15 else f"{value:.4f}"


def moment(seconds: float) -> str:
    """Write a timestamp: `12.5 s`."""
    return f"{seconds:.3f}".rstrip("0").rstrip(".") + " s"


def span(seconds: float) -> str:
    """Write how long something takes, to the second: `16 h`, `1 h 5 min`, `12.5 s`."""
    if seconds < 60:
        return moment(seconds)
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{value} {unit}" for value, unit in ((hours, "h"), (minutes, "min"), (rest, "s")) if value]
    return " ".join(parts)


def duration(nanoseconds: int) -> str:
    """Write a duration the way a policy would: `10 s`, `1.5 min`."""
    return format_quantity(nanoseconds / 1_000_000, Dimension.TIME)


def timer(state: TimerState) -> str:
    """Write a running timer: `for` has 6 s of 10 s left."""
    name = state.name if " " in state.name else f"`{state.name}`"
    if state.remaining_ns == 0:
        return f"{name} is over"
    return (
        f"{name} has {duration(state.remaining_ns)} of {duration(state.elapsed_ns + state.remaining_ns)} left"
    )


def winner(decision: Decision) -> str:
    """Name who decided: a rule, or `otherwise`."""
    return "`otherwise`" if decision.rule == "otherwise" else f"rule `{decision.rule}`"


def outcome(decision: Decision, before: str | None) -> str:
    """Say what a step did, in a few words; `before` is the variant that was active."""
    target, active = decision.target, decision.active
    if decision.reason == codes.NO_CANDIDATE:
        return f"{active} stays: no variant can be chosen" if active else "no variant can be chosen"
    if decision.reason == codes.ADOPTED:
        return f"adopts {target}"
    if decision.reason == codes.UNCHANGED:
        return f"{active} stays"
    if decision.reason == codes.SWAP_POLICY_RECOMMEND:
        return f"swaps from {before} to {target}"
    return f"{active} stays: {target} is wanted, but waits for {SUPPRESSED.get(decision.reason, decision.reason)}"


def value_words(state: DeviceState, name: str) -> str:
    """Write a signal's value with its unit."""
    value, signal = state.value(name), SIGNALS[name]
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else format_quantity(value, signal.dimension or Dimension.NUMBER)
