"""What inference costs on the active variant: the signals `inference_latency` and `inference_rate`.

A window belongs to one generation, which notes the durations of its own calls: a call that an older one answered lands
in that one's window and never in its successor's.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

import attrs

from edgeadapt._core import CallTimes

MINIMUM_CALLS = 20
_RATE_SPAN_S = 10.0


@attrs.frozen
class Observed:
    """What a window saw: calls since the commit, and both signals, None until it has seen enough."""

    calls: int
    latency_ms: float | None
    rate_hz: float | None


class InferenceWindow:
    """Observes the calls on one generation, whose durations it notes in `times`; one thread only."""

    def __init__(self, times: CallTimes | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._times = CallTimes() if times is None else times
        self._clock = clock
        # Of times and calls until then; the generation may have served already.
        self._marks: deque[tuple[float, int]] = deque([(clock(), self._times.calls)])

    def observe(self) -> Observed:
        """Return the 95th percentile of the latest calls and the rate over the last ten seconds."""
        now, calls = self._clock(), self._times.calls
        self._marks.append((now, calls))
        while len(self._marks) > 2 and self._marks[1][0] <= now - _RATE_SPAN_S:
            self._marks.popleft()
        if calls < MINIMUM_CALLS:
            return Observed(calls, None, None)
        latency_s = self._times.percentile(0.95)
        since, before = self._marks[0]
        rate_hz = (calls - before) / (now - since) if now > since else None
        return Observed(calls, None if latency_s is None else latency_s * 1e3, rate_hz)
