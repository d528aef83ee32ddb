"""What one snapshot has gathered: a value or a reason for each signal."""

from __future__ import annotations

import math
from typing import Any

from edgeadapt.state import SIGNALS, DeviceState

_NO_READER = "this profiler does not measure it"
# What only the engine can measure is no shortcoming of a platform.
_ENGINE_MEASURES = {"inference_latency", "inference_rate"}


class Readings:
    """Collects a snapshot, signal by signal; values are in the attributes' units."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}
        self._reasons: dict[str, str] = {}

    def put(self, signal: str, value: float | bool | str) -> None:
        """Give a signal its value; a number that is not finite is none."""
        if isinstance(value, float) and not math.isfinite(value):
            self.unknown(signal, "what was read is not a finite number")
            return
        self._values[SIGNALS[signal].attribute] = value
        self._reasons.pop(signal, None)

    def unknown(self, signal: str, reason: str) -> None:
        """Say in one line why a signal has no value."""
        self._reasons[signal] = reason

    def reasons(self) -> dict[str, str]:
        """Return a reason for every signal without a value."""
        reasons: dict[str, str] = {}
        for name, signal in SIGNALS.items():
            if signal.attribute not in self._values:
                default = "only a running engine measures it" if name in _ENGINE_MEASURES else _NO_READER
                reasons[name] = self._reasons.get(name, default)
        return reasons

    def state(self, timestamp: float) -> DeviceState:
        """Make the device state; every signal without a value is unknown."""
        values: dict[str, Any] = dict.fromkeys(signal.attribute for signal in SIGNALS.values())
        values.update(self._values)
        return DeviceState(timestamp=timestamp, **values)
