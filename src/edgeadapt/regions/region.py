"""A union of boxes, and the questions that are answered with one.

Everything is exact as long as a region stays within its budget of boxes; past it, nothing is known of the set any more,
and every question about it is answered "not decided".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

import attrs

from edgeadapt.regions.axis import Axis
from edgeadapt.regions.values import Values

Box = Mapping[Axis, Values]  # an axis that is not named takes every value
BUDGET = 48
_RAW_BUDGET = 512
_MANY = 24


class Answer(Enum):
    """The answer to a question about sets; a question is not decided past the budget, or where boxes can't tell."""

    YES = "yes"
    NO = "no"
    NOT_DECIDED = "not decided"


@attrs.frozen(eq=False)
class Region:
    """A set of states: the union of `boxes`, which may overlap; `exceeded` where it had too many of them."""

    boxes: tuple[Box, ...]
    exceeded: bool = False

    @classmethod
    def where(cls, axis: Axis, values: Values) -> Region:
        """Return the states with one of these values on an axis."""
        if values.is_empty:
            return NOTHING
        return EVERYTHING if values == axis.full else cls(({axis: values},))

    def __and__(self, other: Region) -> Region:
        if self is EVERYTHING or other is NOTHING:
            return other
        if other is EVERYTHING or self is NOTHING:
            return self
        if self.exceeded or other.exceeded:
            return BEYOND
        if len(self.boxes) * len(other.boxes) > _RAW_BUDGET:
            return BEYOND
        return _region(met for a in self.boxes for b in other.boxes if (met := _met(a, b)) is not None)

    def __or__(self, other: Region) -> Region:
        if self is NOTHING or other is EVERYTHING:
            return other
        if other is NOTHING or self is EVERYTHING:
            return self
        if self.exceeded or other.exceeded:
            return BEYOND
        return _region((*self.boxes, *other.boxes))

    def __sub__(self, other: Region) -> Region:
        if self is NOTHING or other is NOTHING:
            return self
        if self.exceeded or other.exceeded:
            return BEYOND
        left = list(self.boxes)
        changed = False
        for box in other.boxes:
            pieces: list[Box] = []
            for whole in left:
                cut = _cut(whole, box)
                changed = changed or cut is not None
                pieces += [whole] if cut is None else cut
            left = pieces
            if len(left) > _RAW_BUDGET:
                return BEYOND
        if not changed:
            return self
        # The pieces of a box do not overlap: to look for boxes to join is worth it only where there are many.
        return _region(left) if not left or len(left) > _MANY else Region(tuple(left))

    def __invert__(self) -> Region:
        return EVERYTHING - self

    @property
    def empty(self) -> Answer:
        """Whether no state is in the set."""
        if self.exceeded:
            return Answer.NOT_DECIDED
        if not self.boxes:
            return Answer.YES
        return Answer.NO if any(not _is_hidden(box) for box in self.boxes) else Answer.NOT_DECIDED

    def within(self, other: Region) -> Answer:
        """Whether every state of this set is in the other."""
        return (self - other).empty

    def contains(self, state: Mapping[Axis, float | None]) -> bool:
        """Whether a state is in the set; an axis that the state leaves out is one that does not matter."""
        for box in self.boxes:
            for axis, values in box.items():
                if axis in state and state[axis] not in values:
                    break
            else:
                return True
        return False

    def witness(self) -> dict[Axis, float | None] | None:
        """Return one state of the set, with a value for each axis that matters; None if none is sure to exist."""
        for box in self.boxes:
            if not _is_hidden(box):
                return {axis: values.pick() for axis, values in box.items()}
        return None


EVERYTHING = Region(({},))
NOTHING = Region(())
BEYOND = Region((), exceeded=True)


def _is_hidden(box: Box) -> bool:
    return any(axis.hidden for axis in box)


def _met(a: Box, b: Box) -> dict[Axis, Values] | None:
    out = dict(a)
    for axis, values in b.items():
        mine = out.get(axis)
        met = values if mine is None else mine & values
        if not met.spans and not met.unknown:
            return None
        out[axis] = met
    return out


def _cut(whole: Box, hole: Box) -> list[Box] | None:
    """Return what is left of a box outside another, as disjoint boxes; None where the two do not meet."""
    met = _met(whole, hole)
    if met is None:
        return None
    pieces: list[Box] = []
    rest = dict(whole)
    for axis, values in hole.items():
        mine = rest.get(axis)
        outside = (axis.full if mine is None else mine) - values
        if outside.spans or outside.unknown:
            pieces.append({**rest, axis: outside})
        rest[axis] = met[axis]
    return pieces


def _region(boxes: Iterable[Box]) -> Region:
    """Make a region of few boxes: one within another goes, and two that differ on one axis become one."""
    kept: list[Box] = []
    for box in boxes:
        _add(kept, box)
        if len(kept) > BUDGET:
            return BEYOND
    if not kept:
        return NOTHING
    return EVERYTHING if not kept[0] else Region(tuple(kept))


def _add(kept: list[Box], box: Box) -> None:
    index = 0
    while index < len(kept):
        other = kept[index]
        if _covers(other, box):
            return
        joined = box if _covers(box, other) else _joined(box, other)
        if joined is None:
            index += 1
            continue
        del kept[index]
        if joined is not box:
            # A box that has grown may meet those that were passed already.
            box, index = joined, 0
    kept.append(box)


def _covers(outer: Box, inner: Box) -> bool:
    if len(outer) > len(inner):
        return False
    for axis, values in outer.items():
        mine = inner.get(axis)
        if mine is None or (values is not mine and not values.covers(mine)):
            return False
    return True


def _joined(a: Box, b: Box) -> Box | None:
    """Return the union of two boxes where that is a box: they differ on one axis only."""
    if len(a) != len(b):
        return None
    different = None
    for axis, values in a.items():
        other = b.get(axis)
        if other is None:
            return None
        if values != other:
            if different is not None:
                return None
            different = axis
    if different is None:
        return a
    union = a[different] | b[different]
    joined = {axis: values for axis, values in a.items() if axis is not different}
    if union != different.full:
        joined[different] = union
    return joined
