"""What inference costs on the active variant: the signals `inference_latency` and `inference_rate`.

A window belongs to one commit. A call takes the window before it takes its lease and writes to it afterwards, so a
call that an older generation answered lands in that one's window and never in its successor's.
"""

from __future__ import annotations

import itertools
import math
import time
from collections import deque
from collections.abc import Callable

import attrs

MINIMUM_CALLS = 20
_CAPACITY = 1024  # a power of two, so that a slot is a mask away
_MASK = _CAPACITY - 1
_RATE_SPAN_S = 10.0


@attrs.frozen
class Observed:
    """What a window saw: calls since the commit, and both signals, None until it has seen enough."""

    calls: int
    latency_ms: float | None
    rate_hz: float | None


class InferenceWindow:
    """The durations of the latest calls since a commit; many threads add, one observes.

    Adding is one step of a counter and one store into a list, each atomic in CPython, so there is no lock to wait for.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._next = itertools.count().__next__
        self._observations = 0
        self._ring = [-1.0] * _CAPACITY  # no duration is negative: a slot not yet written
        self._marks: deque[tuple[float, int]] = deque([(clock(), 0)])

    def add(self, elapsed_s: float) -> None:
        """Note the duration of one call."""
        self._ring[self._next() & _MASK] = elapsed_s

    def observe(self) -> Observed:
        """Return the 95th percentile of the latest calls and the rate over the last ten seconds.

        One thread only: a counter can be read no other way than by taking its next value, which is then one of ours.
        """
        now = self._clock()
        calls = self._next() - self._observations
        self._observations += 1
        self._marks.append((now, calls))
        while len(self._marks) > 2 and self._marks[1][0] <= now - _RATE_SPAN_S:
            self._marks.popleft()
        if calls < MINIMUM_CALLS:
            return Observed(calls, None, None)
        taken = sorted(elapsed for elapsed in self._ring.copy() if elapsed >= 0)
        # A call has its slot before it has written to it.
        latency_ms = taken[math.ceil(0.95 * len(taken)) - 1] * 1e3 if taken else None
        since, before = self._marks[0]
        rate_hz = (calls - before) / (now - since) if now > since else None
        return Observed(calls, latency_ms, rate_hz)
