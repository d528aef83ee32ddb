"""A trace that breaks a property, made as short and simple as it can be while it still does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from edgeadapt.runtime.evaluate import Value
from edgeadapt.testing.corners import Corners

_T = TypeVar("_T")
# A step: nanoseconds since the one before, and what it sets.
Step = tuple[int, tuple[tuple[str, Value], ...]]
Steps = tuple[Step, ...]


def shrink(steps: Steps, breaks: Callable[[Steps], bool], corners: Corners, *, most: int = 3000) -> Steps:
    """Take away and simplify until no single change leaves the property broken, or `most` changes were tried."""
    tried: set[Steps] = {steps}
    is_better = True
    while is_better and len(tried) < most:
        is_better = False
        for simpler in _simpler(steps, corners):
            if simpler in tried:
                continue
            tried.add(simpler)
            if breaks(simpler):
                steps, is_better = simpler, True
                break
    return steps


def _simpler(steps: Steps, corners: Corners) -> Iterator[Steps]:
    """Yield changes, those that take away most first; each makes a trace strictly simpler, so that they end."""
    yield from _without_steps(steps)
    for index, (gap, assigns) in enumerate(steps):
        for place in range(len(assigns)):
            yield _replaced(steps, index, (gap, assigns[:place] + assigns[place + 1 :]))
    if steps and steps[0][0]:
        yield _replaced(steps, 0, (0, steps[0][1]))
    for index, (gap, assigns) in enumerate(steps):
        for nicer in _before(corners.gaps_ns, gap) if index else ():
            yield _replaced(steps, index, (nicer, assigns))
        for place, (name, value) in enumerate(assigns):
            for other in _before(corners.values[name], value):
                yield _replaced(steps, index, (gap, (*assigns[:place], (name, other), *assigns[place + 1 :])))


def _without_steps(steps: Steps) -> Iterator[Steps]:
    size = len(steps) // 2
    while size:
        for start in range(len(steps) - size, -1, -1):
            rest = steps[start + size :]
            if start or rest:
                yield steps[:start] + rest
            if rest:
                # The same moments for what is left.
                gap = sum(gap for gap, _ in steps[start : start + size]) + rest[0][0]
                yield (*steps[:start], (gap, rest[0][1]), *rest[1:])
        size //= 2


def _replaced(steps: Steps, index: int, step: Step) -> Steps:
    return (*steps[:index], step, *steps[index + 1 :])


def _before(ordered: Sequence[_T], current: _T) -> Iterator[_T]:
    """Yield what is simpler than the current one; all, where it is none of them."""
    for other in ordered:
        if other is current or (other == current and type(other) is type(current)):
            return
        yield other
