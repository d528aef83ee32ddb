"""The device at one moment, as measured. Its attributes' metadata is the signal schema.

It checks and clamps what it is given; it knows nothing of where values come from or of what a policy makes of them.
"""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

import attrs

from edgeadapt.state.signal import Signal, SignalKind, boolean, numeric, ordered_words, signal_table
from edgeadapt.units import Dimension
from edgeadapt.values import frozen
from edgeadapt.wording import did_you_mean, shown

_DAY_MS = 86_400_000.0
_PERCENT = (0.0, 100.0)
_MEMORY_MB = (0.0, 16_000_000.0)
# Ninety-five years: differences of times in nanoseconds fit 64 bits, with room for ages that were saved.
LATEST_S = 3e9


@frozen
class DeviceState:
    """What the profiler saw, or None where it could not tell.

    NaN and infinity become None; a number out of its signal's range is clamped and its signal named in `clamped`.
    `timestamp` is monotonic, in seconds. Raises TypeError for a value of the wrong type, ValueError for an
    unknown word or a timestamp that is not finite or beyond LATEST_S.
    """

    battery_pct: float | None = attrs.field(
        metadata=numeric("battery", Dimension.RATIO, _PERCENT, "charge left, all batteries weighed by energy")
    )
    is_charging: bool | None = attrs.field(
        metadata=boolean("charging", "whether external power feeds the device, and no battery drains")
    )
    thermal_zone_c: float | None = attrs.field(
        metadata=numeric("temperature", Dimension.TEMPERATURE, (-40.0, 150.0), "the hottest thermal zone")
    )
    available_ram_mb: float | None = attrs.field(
        metadata=numeric(
            "memory_available",
            Dimension.MEMORY,
            _MEMORY_MB,
            "memory that can still be used: the smaller of the machine's and the cgroup's",
            optional=False,
        )
    )
    cpu_utilization_pct: float | None = attrs.field(
        metadata=numeric("cpu", Dimension.RATIO, _PERCENT, "time the processors were busy", optional=False)
    )
    gpu_utilization_pct: float | None = attrs.field(
        metadata=numeric("gpu", Dimension.RATIO, _PERCENT, "time the graphics processor was busy")
    )
    network_quality: str | None = attrs.field(
        metadata=ordered_words(
            "network", ("offline", "poor", "fair", "good", "excellent"), "how good the network is"
        )
    )
    timestamp: float
    battery_time_left_s: float | None = attrs.field(
        default=None,
        kw_only=True,
        metadata=numeric(
            "battery_time_left",
            Dimension.TIME,
            (0.0, 30 * _DAY_MS),
            "time until the batteries are empty at the present draw",
            scale=1000.0,
        ),
    )
    is_throttled: bool | None = attrs.field(
        default=None,
        kw_only=True,
        metadata=boolean("throttled", "whether cooling, a weak supply or a quota slows the device down"),
    )
    total_ram_mb: float | None = attrs.field(
        default=None,
        kw_only=True,
        metadata=numeric(
            "memory_total",
            Dimension.MEMORY,
            _MEMORY_MB,
            "memory there is: the smaller of the machine's and the cgroup's",
        ),
    )
    memory_pressure_pct: float | None = attrs.field(
        default=None,
        kw_only=True,
        metadata=numeric(
            "memory_pressure", Dimension.RATIO, _PERCENT, "time some task waited for memory (Linux PSI, 10 s)"
        ),
    )
    cpu_pressure_pct: float | None = attrs.field(
        default=None,
        kw_only=True,
        metadata=numeric(
            "cpu_pressure",
            Dimension.RATIO,
            _PERCENT,
            "time some task waited for a processor (Linux PSI, 10 s)",
        ),
    )
    cpu_frequency_mhz: float | None = attrs.field(
        default=None,
        kw_only=True,
        metadata=numeric(
            "cpu_frequency", Dimension.FREQUENCY, (0.0, 20_000.0), "the fastest processor's clock"
        ),
    )
    power_draw_w: float | None = attrs.field(
        default=None,
        kw_only=True,
        metadata=numeric("power_draw", Dimension.POWER, (0.0, 10_000.0), "power the device draws"),
    )
    is_low_power_mode: bool | None = attrs.field(
        default=None,
        kw_only=True,
        metadata=boolean("low_power_mode", "whether the user asked to spare power"),
    )
    inference_latency_ms: float | None = attrs.field(
        default=None,
        kw_only=True,
        metadata=numeric(
            "inference_latency",
            Dimension.TIME,
            (0.0, 3_600_000.0),
            "p95 the engine observed on the active variant; unknown until that one has served 20 calls",
        ),
    )
    inference_rate_hz: float | None = attrs.field(
        default=None,
        kw_only=True,
        metadata=numeric(
            "inference_rate",
            Dimension.FREQUENCY,
            (0.0, 1.0),
            "inference calls a second, likewise",
            scale=1e-6,
        ),
    )
    clamped: tuple[str, ...] = attrs.field(init=False, default=(), eq=False)

    def __attrs_post_init__(self) -> None:
        put = object.__setattr__
        put(self, "timestamp", _timestamp(self.timestamp))
        clamped: tuple[str, ...] = ()
        for signal, low, high in _CHECKS:
            value = getattr(self, signal.attribute)
            if value is None:
                continue
            if signal.kind is SignalKind.NUMERIC:
                # The common case, a float in range, writes nothing.
                if type(value) is float and low <= value <= high:
                    continue
                number, was_clamped = _number(signal, value, low, high)
                put(self, signal.attribute, number)
                if was_clamped:
                    clamped += (signal.name,)
            elif signal.kind is SignalKind.BOOLEAN:
                if type(value) is not bool:
                    raise TypeError(f"`{signal.attribute}` is true or false, not {shown(value)}")
            else:
                _check_word(signal, value)
        if clamped:
            put(self, "clamped", clamped)

    def at(self, timestamp: float) -> DeviceState:
        """Return the same values at another moment."""
        return self.replaced(timestamp=timestamp)

    def replaced(self, **values: Any) -> DeviceState:
        """Return the state with other values for some attributes; what was clamped in this one stays noted."""
        state = attrs.evolve(self, **values)
        if self.clamped:  # evolve sees values that are in range by now
            object.__setattr__(state, "clamped", (*self.clamped, *state.clamped))
        return state

    def value(self, signal_name: str) -> float | bool | str | None:
        """Return a signal's value in the language's canonical unit, or None where unknown.

        Raises KeyError for a name that is no signal.
        """
        signal = _SIGNALS.get(signal_name)
        if signal is None:
            raise KeyError(f"{shown(signal_name)} is not a signal; {did_you_mean(signal_name, _SIGNALS)}")
        value: float | bool | str | None = getattr(self, signal.attribute)
        if value is None or signal.kind is not SignalKind.NUMERIC:
            return value
        return signal.to_canonical(float(value))


_SIGNALS: dict[str, Signal] = signal_table(DeviceState)
# Each signal with its bounds in the attribute's own unit.
_CHECKS: tuple[tuple[Signal, float, float], ...] = tuple(
    (
        signal,
        -math.inf if signal.low is None else signal.from_canonical(signal.low),
        math.inf if signal.high is None else signal.from_canonical(signal.high),
    )
    for signal in _SIGNALS.values()
)


def _number(signal: Signal, value: Any, low: float, high: float) -> tuple[float | None, bool]:
    """Return the value to keep and whether it had to be clamped."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"`{signal.attribute}` is a number or None, not {shown(value)}")
    raw: Any = value
    try:
        number = float(raw)
    except OverflowError:  # an integer beyond every double is still only out of range
        return (low if raw < 0 else high), True
    if not math.isfinite(number):
        return None, False
    if number < low:
        return low, True
    if number > high:
        return high, True
    return number, False


def _check_word(signal: Signal, value: Any) -> None:
    if not isinstance(value, str):
        raise TypeError(f"`{signal.attribute}` is one of {', '.join(signal.words)}, not {shown(value)}")
    if value not in signal.words:
        raise ValueError(f"{shown(value)} is no `{signal.attribute}`; {did_you_mean(value, signal.words)}")


def _timestamp(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"`timestamp` is a number of seconds, not {shown(value)}")
    try:
        seconds = float(value)
    except OverflowError:
        seconds = math.inf
    if not abs(seconds) <= LATEST_S:  # NaN fails it too
        raise ValueError(
            f"`timestamp` is in seconds, at most {LATEST_S:g}, not {shown(value)}; give time.monotonic(), or the like"
        )
    return seconds
