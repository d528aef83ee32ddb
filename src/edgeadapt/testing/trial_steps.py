"""Traces in a test's terms, drawn from where the program's behaviour changes, for the search.

A plain seeded generator: Hypothesis' own prefers small simple values, and a trace that breaks a promise is rarely that.
"""

from __future__ import annotations

from random import Random

from edgeadapt.program.constant import duration_ns, param_values
from edgeadapt.program.program import Program, RateLimit, RateProperty, UseProperty
from edgeadapt.runtime.evaluate import Value
from edgeadapt.testing.corners import Corners
from edgeadapt.testing.scenes import Scenes, scenes
from edgeadapt.testing.shrink import Step, Steps

# After so many traces other assignments are drawn for the same conditions.
_FRESH_EVERY = 100


class TrialSteps:
    """Draws traces for one property."""

    def __init__(
        self, program: Program, promise: UseProperty | RateProperty, near: Corners, rng: Random
    ) -> None:
        self._program, self._promise, self._near, self._rng = program, promise, near, rng
        self._names = tuple(near.values)
        self._drawn = 0
        self._scenes = Scenes((), ())

    def draw(self) -> Steps:
        """Draw a beginning, and a few steps that may come again and again: what swaps often is found by those."""
        if self._drawn % _FRESH_EVERY == 0:
            self._scenes = scenes(self._program, self._promise, self._near, self._rng)
        self._drawn += 1
        rng = self._rng
        steps = [self._step() for _ in range(rng.randint(1, 5))]
        if isinstance(self._promise, RateProperty):
            steps += self._flapping(self._promise.limit)
        elif rng.random() < 0.3:
            steps += [self._step() for _ in range(rng.randint(1, 3))] * rng.randint(1, 3)
        return ((0, steps[0][1]), *steps[1:])

    def _flapping(self, limit: RateLimit) -> list[Step]:
        """Draw two or three states in turn, at a pace that would exceed the limit if each were a swap."""
        rng = self._rng
        pace_ns = duration_ns(limit.per, param_values(self._program)) / max(limit.count, 1)
        gaps = [gap for gap in self._near.gaps_ns if gap < pace_ns] or self._near.gaps_ns
        gap = rng.choice(gaps)
        cycle = [(gap, self._step()[1]) for _ in range(rng.randint(2, 3))]
        return cycle * (limit.count // 2 + 2)

    def _step(self) -> Step:
        rng = self._rng
        roll = rng.random()
        assigns: dict[str, Value] = {}
        if roll < 0.35 and self._scenes.promised:
            assigns = dict(rng.choice(self._scenes.promised))
        elif roll < 0.65 and self._scenes.ruled:
            assigns = dict(rng.choice(self._scenes.ruled))
        if self._names and (0.5 < roll < 0.85):
            for name in rng.sample(self._names, rng.randint(1, min(2, len(self._names)))):
                assigns[name] = rng.choice(self._near.values[name])
        # What is left sets nothing: time passes, which timers need.
        return self._gap(), tuple(assigns.items())

    def _gap(self) -> int:
        """Draw a time, often the one for which the promise's condition must have been true."""
        promise = self._promise
        if isinstance(promise, UseProperty) and promise.for_ is not None and self._rng.random() < 0.25:
            return max(duration_ns(promise.for_, param_values(self._program)), 1)
        return self._rng.choice(self._near.gaps_ns)
