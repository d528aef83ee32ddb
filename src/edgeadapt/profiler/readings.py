"""What one snapshot has gathered: a value or a reason for each signal, and from where."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import attrs

from edgeadapt.state import SIGNALS, DeviceState

# A file by its number, or a place in words.
Place = int | str

_NO_READER = "this profiler does not measure it"
# What only the engine can measure is no shortcoming of a platform.
_ENGINE_MEASURES = {"inference_latency", "inference_rate"}
_ATTRIBUTES = {name: signal.attribute for name, signal in SIGNALS.items()}
# The state's other attributes are unknown unless given.
_REQUIRED: dict[str, Any] = {
    field.name: None for field in attrs.fields(DeviceState) if field.init and field.default is attrs.NOTHING
}


class Readings:
    """Collects a snapshot of the moment `now`, signal by signal; values are in the attributes' units."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now
        self._values: dict[str, Any] = {}
        self._reasons: dict[str, str] = {}
        self._places: dict[str, Iterable[Place]] = {}

    def put(self, signal: str, value: float | bool | str, places: Iterable[Place] = ()) -> None:
        """Give a signal its value; a number that is not finite is none."""
        if type(value) is float and not math.isfinite(value):
            self.unknown(signal, "what was read is not a finite number", places)
            return
        self._values[_ATTRIBUTES[signal]] = value
        self._places[signal] = places

    def unknown(self, signal: str, reason: str, places: Iterable[Place] = ()) -> None:
        """Say in one line why a signal has no value, and where one was looked for."""
        self._reasons[signal] = reason
        self._places[signal] = places

    def has(self, signal: str) -> bool:
        """Whether the signal has a value."""
        return _ATTRIBUTES[signal] in self._values

    def reasons(self) -> dict[str, str]:
        """Return a reason for every signal without a value."""
        reasons: dict[str, str] = {}
        for name in SIGNALS:
            if not self.has(name):
                default = "only a running engine measures it" if name in _ENGINE_MEASURES else _NO_READER
                reasons[name] = self._reasons.get(name, default)
        return reasons

    def places(self) -> dict[str, tuple[Place, ...]]:
        """Return where each signal's value came from, or was looked for, as far as that was told."""
        return {name: tuple(places) for name, places in self._places.items()}

    def state(self, timestamp: float) -> DeviceState:
        """Make the device state; every signal without a value is unknown."""
        return DeviceState(**{**_REQUIRED, **self._values, "timestamp": timestamp})
