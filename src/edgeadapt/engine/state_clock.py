"""The one clock of the engine's decisions: the clock of the device states' timestamps."""

from __future__ import annotations

import math

from edgeadapt.profiler.port import PlatformProfiler


class StateClock:
    """The profiler's present time; where the profiler can't tell it, the last time it could."""

    def __init__(self, profiler: PlatformProfiler) -> None:
        self._profiler = profiler
        self._last = 0.0

    def now(self) -> float:
        """Return the present time in seconds; it never raises."""
        try:
            now = float(self._profiler.now())
        except Exception:  # noqa: BLE001 - a host's profiler may fail in any way; commits still need a time
            return self._last
        if math.isfinite(now):
            self._last = now
        return self._last
