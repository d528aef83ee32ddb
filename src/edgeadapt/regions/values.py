"""A set of values on one axis: closed spans of doubles, and whether unknown is among them.

Closed ends are enough: over doubles `x < 20` is `x <= the double before 20`, so that complements are exact too.
"""

from __future__ import annotations

import math

from edgeadapt.values import frozen

Spans = tuple[tuple[float, float], ...]


def before(value: float) -> float:
    """Return the largest double below `value`."""
    return math.nextafter(value, -math.inf)


def after(value: float) -> float:
    """Return the smallest double above `value`."""
    return math.nextafter(value, math.inf)


@frozen
class Values:
    """Sorted, disjoint, closed spans that do not touch (so equal sets are equal values), and `unknown` or not."""

    spans: Spans
    unknown: bool = False

    @classmethod
    def between(cls, low: float, high: float, *, unknown: bool = False) -> Values:
        """Return all doubles from `low` to `high`, both included; none where `low` is above `high`."""
        return cls(((low, high),) if low <= high else (), unknown)

    @classmethod
    def of(cls, *points: float, unknown: bool = False) -> Values:
        """Return single values."""
        return cls(_merged([(point, point) for point in points]), unknown)

    @property
    def is_empty(self) -> bool:
        """Whether there is no value, and not unknown either."""
        return not self.spans and not self.unknown

    def __contains__(self, value: float | None) -> bool:
        if value is None:
            return self.unknown
        for low, high in self.spans:  # noqa: SIM110 - asked most of all, and `any` over a generator takes three times as long
            if low <= value <= high:
                return True
        return False

    def __and__(self, other: Values) -> Values:
        if self is other:
            return self
        if len(self.spans) == 1 == len(other.spans):
            # The common case, without the walk below.
            (a, b), (c, d) = self.spans[0], other.spans[0]
            low, high = (a if a > c else c), (b if b < d else d)
            return Values(((low, high),) if low <= high else (), self.unknown and other.unknown)
        return Values(_meet(self.spans, other.spans), self.unknown and other.unknown)

    def __or__(self, other: Values) -> Values:
        return Values(_merged([*self.spans, *other.spans]), self.unknown or other.unknown)

    def __sub__(self, other: Values) -> Values:
        return Values(_minus(self.spans, other.spans), self.unknown and not other.unknown)

    def covers(self, other: Values) -> bool:
        """Whether every value of `other` is here; spans that touch have merged, so each lies in one of ours."""
        if other.unknown and not self.unknown:
            return False
        if len(self.spans) == 1 and other.spans:
            # The common case, without the generators below.
            low, high = self.spans[0]
            return low <= other.spans[0][0] and other.spans[-1][1] <= high
        return all(any(low <= a and b <= high for low, high in self.spans) for a, b in other.spans)

    def pick(self) -> float | None:
        """Return one value, a short decimal where there is one; None is unknown, where nothing else is left."""
        if not self.spans:
            return None
        low, high = self.spans[0]
        if low <= 0.0 <= high and low != 0.0:
            return 0.0
        middle = low / 2 + high / 2
        if not low <= middle <= high:
            return low
        scale = 0 if middle == 0.0 else math.floor(math.log10(abs(middle)))
        for digits in range(17):
            rounded = round(middle, digits - scale)
            if low <= rounded <= high:
                return rounded
        return low


def _meet(left: Spans, right: Spans) -> Spans:
    out = []
    i = j = 0
    while i < len(left) and j < len(right):
        (a, b), (c, d) = left[i], right[j]
        low, high = (a if a > c else c), (b if b < d else d)
        if low <= high:
            out.append((low, high))
        if b < d:
            i += 1
        else:
            j += 1
    return tuple(out)


def _minus(left: Spans, right: Spans) -> Spans:
    out = []
    for low, high in left:
        start = low
        for a, b in right:
            if b < start:
                continue
            if a > high:
                break
            if a > start:
                out.append((start, before(a)))
            if b >= high:
                break
            start = after(b)
        else:
            out.append((start, high))
            continue
        # The loop broke off: either the rest is covered, or what is left lies before the next span of `right`.
        if a > high:
            out.append((start, high))
    return tuple(out)


def _merged(spans: list[tuple[float, float]]) -> Spans:
    out: list[tuple[float, float]] = []
    for low, high in sorted(spans):
        if out and low <= after(out[-1][1]):
            if high > out[-1][1]:
                out[-1] = (out[-1][0], high)
        else:
            out.append((low, high))
    return tuple(out)
