"""A policy's properties held against its steps as they are made: section 7 of the language, on a running device.

It judges what the policy wants, whatever the operator or a failed load makes of that, as a test of the policy does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from edgeadapt.program.constant import duration_ns, param_values, seconds_to_ns
from edgeadapt.program.program import Program, RateProperty, UseProperty
from edgeadapt.runtime.evaluate import Scope, truth
from edgeadapt.runtime.inputs import Given
from edgeadapt.runtime.property_scope import PropertyScope
from edgeadapt.state import DeviceState


@attrs.frozen
class Violation:
    """A property that does not hold at a step, and what is wrong in words."""

    property: str
    problem: str


class PropertyWatch:
    """Sees every step and commit of one session; a violation that lasts is told once."""

    def __init__(self, program: Program) -> None:
        params = param_values(program)
        self._uses = [
            _UseWatch(it, duration_ns(it.for_, params))
            for it in program.properties
            if isinstance(it, UseProperty)
        ]
        self._rates = [
            _RateWatch(it, duration_ns(it.limit.per, params))
            for it in program.properties
            if isinstance(it, RateProperty)
        ]
        self._scopes = PropertyScope(program)
        self._last: int | None = None
        self._broken: frozenset[str] = frozenset()
        self._active: str | None = None

    def committed(self, variant: str, timestamp: float) -> None:
        """Take notice of what serves since `timestamp`; the first one is the adoption and no swap."""
        if self._active is not None and variant != self._active:
            at = seconds_to_ns(timestamp)
            for rate in self._rates:
                rate.commits.append(at)
        self._active = variant

    def stepped(
        self, state: DeviceState, inputs: Mapping[str, Given], bands: Sequence[bool], target: str | None
    ) -> tuple[Violation, ...]:
        """Judge a step that was made; return the violations that begin with it."""
        t = seconds_to_ns(state.timestamp)
        t = self._last = t if self._last is None else max(t, self._last)
        found = [rate.judge(t) for rate in self._rates]
        if self._uses:
            scope = self._scopes.of(state, inputs, bands)
            found += [use.judge(scope, t, target) for use in self._uses]
        violations = [violation for violation in found if violation is not None]
        before, self._broken = self._broken, frozenset(violation.property for violation in violations)
        return tuple(violation for violation in violations if violation.property not in before)


class _UseWatch:
    def __init__(self, promise: UseProperty, held_ns: int) -> None:
        self._promise = promise
        self._held_ns = held_ns
        self._since: int | None = None

    def judge(self, scope: Scope, t: int, target: str | None) -> Violation | None:
        """Judge what is wanted where the condition has been true for long enough; unknown is not true."""
        if truth(self._promise.when, scope) is not True:
            self._since = None
            return None
        self._since = t if self._since is None else self._since
        if t - self._since < self._held_ns or (target in self._promise.variants) is self._promise.always:
            return None
        wanted = "no variant" if target is None else f"`{target}`"
        return Violation(self._promise.name, f"the policy wants {wanted}")


class _RateWatch:
    def __init__(self, promise: RateProperty, window_ns: int) -> None:
        self._promise = promise
        self._window_ns = window_ns
        self.commits: list[int] = []

    def judge(self, t: int) -> Violation | None:
        """Judge that the window that ends here holds no more commits than allowed."""
        self.commits = [at for at in self.commits if t - at < self._window_ns]
        count = len(self.commits)
        if count <= self._promise.limit.count:
            return None
        swaps = f"{count} swap" + ("" if count == 1 else "s")
        return Violation(self._promise.name, f"there were {swaps} within the window")
