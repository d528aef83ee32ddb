"""Whether one group of figures lies above another by more than chance: the exact test of Mann and Whitney (1947).

It assumes nothing of how the figures are distributed, and one odd figure in either group does not decide it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb


def probability_of_chance(old: Sequence[float], new: Sequence[float]) -> float:
    """Return how likely the groups would differ as much, either way, if both were drawn from the same.

    Equal figures count against a difference.

    >>> round(probability_of_chance([1, 2, 3, 4, 5, 6, 7, 8], [11, 12, 13, 14, 15, 16, 17, 18]), 6)
    0.000155
    """
    above = sum(one >= other for one in new for other in old)
    below = sum(one <= other for one in new for other in old)
    ways = _ways(len(old), len(new), min(above, below))
    return min(1.0, 2 * ways / comb(len(old) + len(new), len(old)))


def _ways(olds: int, news: int, most: int) -> int:
    """Count the orders of two groups in which at most so many pairs have the first group's figure above the second's.

    They are the first coefficients of the Gaussian binomial, the product of (1 - q^(news+i)) / (1 - q^i) for i to `olds`.
    """
    ways = [1] + [0] * most
    for i in range(1, olds + 1):
        for pairs in range(most, news + i - 1, -1):
            ways[pairs] -= ways[pairs - news - i]
        for pairs in range(i, most + 1):
            ways[pairs] += ways[pairs - i]
    return sum(ways)
