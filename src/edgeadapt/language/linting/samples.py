"""A few whole states of a region, corners of its boxes: what one of them refutes needs no proof."""

from __future__ import annotations

from collections.abc import Mapping

from edgeadapt.program.conditions import Conditions
from edgeadapt.regions import Axis, Region, Values

State = Mapping[Axis, float | None]
_MOST_BOXES = 4
# Which corner of each axis: all low, all high, all unknown, and mixtures of these.
_PATTERNS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2))


def samples(first: Conditions, region: Region) -> list[State]:
    """Return states of a region in which a session can start: low, high and unknown corners of some boxes.

    Each has a value for every axis that has been asked for and that a state is free to choose.
    """
    free = [axis for axis in first.axes if not axis.hidden]
    found: list[State] = []
    for box in region.boxes[:_MOST_BOXES]:
        if any(axis.hidden for axis in box):
            continue
        for step, shift in _PATTERNS:
            values = {
                axis: _value(box.get(axis, axis.full), (index * step + shift) % 3)
                for index, axis in enumerate(free)
            }
            found.append(values)
    return found


def _value(values: Values, corner: int) -> float | None:
    if not values.spans or (corner == 2 and values.unknown):
        return None
    return values.spans[0][0] if corner == 0 else values.spans[-1][1]
