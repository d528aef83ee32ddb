"""Device states for Hypothesis, drawn from the signal schema alone: a new signal needs no change here."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from edgeadapt.state import SIGNALS, DeviceState
from edgeadapt.state.signal import Signal, SignalKind


def device_states(*, timestamp: float | None = None, **given: Any) -> st.SearchStrategy[DeviceState]:
    """Draw any state that a profiler could measure, unknowns included.

    `given` sets attributes of `DeviceState`, such as `battery_pct=20.0` or a strategy; `timestamp` likewise.
    """
    fields: dict[str, st.SearchStrategy[Any]] = {
        signal.attribute: signal_values(signal) for signal in SIGNALS.values()
    }
    unknown = sorted(set(given) - set(fields))
    if unknown:
        raise TypeError(f"`{unknown[0]}` is no attribute of a device's state")
    for name, value in given.items():
        fields[name] = value if isinstance(value, st.SearchStrategy) else st.just(value)
    times = st.floats(0.0, 1e6) if timestamp is None else st.just(float(timestamp))
    return st.builds(DeviceState, timestamp=times, **fields)


def signal_values(signal: Signal) -> st.SearchStrategy[Any]:
    """Draw what a signal's attribute can be, None for unknown where it is optional."""
    values: st.SearchStrategy[Any]
    if signal.kind is SignalKind.BOOLEAN:
        values = st.booleans()
    elif signal.kind is SignalKind.WORD:
        values = st.sampled_from(signal.words)
    else:
        values = st.floats(*bounds(signal))
    return st.none() | values if signal.optional else values


def bounds(signal: Signal) -> tuple[float, float]:
    """Return a numeric signal's range in its attribute's own unit."""
    assert signal.low is not None
    assert signal.high is not None
    return signal.from_canonical(signal.low), signal.from_canonical(signal.high)
