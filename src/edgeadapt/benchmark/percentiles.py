"""Percentiles of measured times, and how many of them it takes to speak of one.

A percentile is given where a 95 % interval for it exists that assumes nothing of the times' distribution: where the
shortest and the longest of n times enclose it with that confidence, 1 - p^n - (1-p)^n >= 0.95 (Wilks, 1941). That takes
6 times for the median, 59 for the 95th percentile and 299 for the 99th.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

_CONFIDENCE = 0.95


def runs_needed(percent: float) -> int:
    """Return how many times it takes to speak of a percentile.

    >>> [runs_needed(percent) for percent in (50, 95, 99)]
    [6, 59, 299]
    """
    share = percent / 100
    count = 1
    while 1 - share**count - (1 - share) ** count < _CONFIDENCE:
        count += 1
    return count


def percentile(times: Sequence[float], percent: float) -> float | None:
    """Return the least of the times that `percent` of them do not exceed; None where they are too few.

    >>> percentile(range(1, 101), 95), percentile(range(1, 51), 95)
    (95, None)
    """
    if len(times) < runs_needed(percent):
        return None
    return sorted(times)[math.ceil(len(times) * percent / 100) - 1]
