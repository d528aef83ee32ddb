"""Where a condition is true, false and unknown, and Kleene's operators on that."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from edgeadapt.regions import EVERYTHING, NOTHING, Axis, Region, Values


@attrs.frozen(eq=False)
class Truth:
    """Three sets that together hold every state that can be, and do not overlap."""

    true: Region
    false: Region
    unknown: Region = NOTHING

    @property
    def not_true(self) -> Region:
        """Where the condition is false or unknown.

        Not the complement of `true`: a band's memory is an axis, and the complement has states no device can be in.
        """
        return self.false | self.unknown

    @property
    def not_false(self) -> Region:
        """Where the condition is true or unknown."""
        return self.true | self.unknown

    @property
    def known(self) -> Region:
        """Where the condition is true or false."""
        return self.true | self.false

    def __invert__(self) -> Truth:
        return Truth(self.false, self.true, self.unknown)

    def __and__(self, other: Truth) -> Truth:
        unknown = NOTHING
        if self.unknown is not NOTHING or other.unknown is not NOTHING:
            unknown = (self.unknown & other.not_false) | (self.true & other.unknown)
        return Truth(self.true & other.true, self.false | other.false, unknown)

    def __or__(self, other: Truth) -> Truth:
        return ~(~self & ~other)


ALWAYS = Truth(EVERYTHING, NOTHING)
NEVER = Truth(NOTHING, EVERYTHING)
UNKNOWN = Truth(NOTHING, NOTHING, EVERYTHING)


def of_values(axis: Axis, true: Values) -> Truth:
    """Return the truth of a statement about one axis: true for `true`, unknown for unknown, else false."""
    known = Values(axis.full.spans)
    nothing_known = Values((), axis.full.unknown)
    return Truth(
        Region.where(axis, true), Region.where(axis, known - true), Region.where(axis, nothing_known)
    )


def chosen(cases: Iterable[tuple[Region, Truth]]) -> Truth:
    """Put truths together, each of which counts in a part of the states; the parts do not overlap."""
    true = false = unknown = NOTHING
    for part, truth in cases:
        true |= part & truth.true
        false |= part & truth.false
        unknown |= part & truth.unknown
    return Truth(true, false, unknown)
