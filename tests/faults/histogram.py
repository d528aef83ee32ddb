"""Latencies in a fixed amount of memory: a soak that kept each one would grow by itself."""

from __future__ import annotations

import math

import numpy as np

_PER_DOUBLING = 32
_LOWEST_S = 1e-7
_BUCKETS = 40 * _PER_DOUBLING


class Histogram:
    """Counts by size, 32 steps a doubling from 0.1 µs on, so that a percentile is known to 2 %. One thread writes."""

    def __init__(self) -> None:
        self._counts = np.zeros(_BUCKETS, np.int64)
        self.longest_s = 0.0

    def add(self, seconds: float) -> None:
        place = int(_PER_DOUBLING * math.log2(max(seconds, _LOWEST_S) / _LOWEST_S))
        self._counts[min(place, _BUCKETS - 1)] += 1
        self.longest_s = max(self.longest_s, seconds)

    def merge(self, other: Histogram) -> None:
        self._counts += other._counts
        self.longest_s = max(self.longest_s, other.longest_s)

    @property
    def count(self) -> int:
        return int(self._counts.sum())

    def percentile(self, percent: float) -> float:
        """Return an upper bound in seconds; 0 where nothing was counted."""
        if not self.count:
            return 0.0
        place = int(np.searchsorted(np.cumsum(self._counts), math.ceil(self.count * percent / 100)))
        return min(_LOWEST_S * 2.0 ** ((place + 1) / _PER_DOUBLING), self.longest_s)

    def __str__(self) -> str:
        shown = "  ".join(f"p{percent:g} {1e3 * self.percentile(percent):.3f}" for percent in (50, 99, 99.9))
        return f"{shown}  longest {1e3 * self.longest_s:.3f} ms of {self.count}"
