"""What the host reports, kept for the policy: fed by any thread, read by the control thread."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from edgeadapt.runtime import HostInput, InputLatch
from edgeadapt.runtime.inputs import Given


class HostInputs:
    """A latch of the policy's inputs behind a lock."""

    def __init__(self, declared: tuple[HostInput, ...]) -> None:
        self._names = frozenset(declaration.name for declaration in declared)
        self._latch = InputLatch(declared)
        self._early: dict[str, Given] = {}
        self._lock = threading.Lock()

    def feed(self, timestamp: float, values: Mapping[str, Given]) -> None:
        """Take values; raises ValueError for an unknown name or a wrong kind, and then takes none."""
        with self._lock:
            self._latch.feed(timestamp, values)

    def feed_early(self, values: Mapping[str, Given]) -> None:
        """Take values before there is a clock; they count as fed when the engine starts."""
        with self._lock:
            self._latch.feed(0.0, values)
            self._early.update(values)

    def begin(self, timestamp: float) -> None:
        """Give the values that were fed early their time."""
        with self._lock:
            self._latch.feed(timestamp, self._early)
            self._early.clear()

    def feed_recorded(self, timestamp: float, values: Mapping[str, Given]) -> None:
        """Take from a recording what the policy knows: a trace may have been made under another policy."""
        known = {name: value for name, value in values.items() if name in self._names}
        if known:
            self.feed(timestamp, known)

    def values(self, timestamp: float) -> dict[str, Given]:
        """Return what a step at `timestamp` sees."""
        with self._lock:
            return self._latch.values(timestamp)

    def clamped(self) -> int:
        """Return how many values were out of their range so far."""
        with self._lock:
            return sum(self._latch.clamped.values())
