"""The axes of a program's states: signals, inputs, a candidate's attributes, and the hidden ones.

Each is made once, as an axis is known by its identity.
"""

from __future__ import annotations

import sys
from collections.abc import Hashable

from edgeadapt.program import expr as p
from edgeadapt.program.kind import Boolean, Kind, Word
from edgeadapt.program.program import Program
from edgeadapt.regions import BOOLEANS, Axis, Values
from edgeadapt.registry.variant import VARIANT_ATTRIBUTES
from edgeadapt.state import SIGNALS

_LARGEST = sys.float_info.max


class Axes:
    """Makes and keeps the axes of one program."""

    def __init__(self, program: Program) -> None:
        self._inputs = {declared.name: declared for declared in program.inputs}
        self._made: dict[Hashable, Axis] = {}

    def of(self, expr: p.SignalRef | p.InputRef | p.AttributeRef) -> Axis:
        """Return the axis of a name; `variant.KEY`, of which nothing is known, gets a hidden one."""
        key = (type(expr), expr.name)
        found = self._made.get(key)
        if found is None:
            match expr:
                case p.SignalRef(name=name):
                    found = _signal(name)
                case p.InputRef(name=name):
                    declared = self._inputs[name]
                    found = Axis(name, _of_kind(declared.kind, declared.low, declared.high, optional=True))
                case p.AttributeRef(name=name):
                    found = _attribute(name)
            self._made[key] = found
        return found

    @property
    def made(self) -> tuple[Axis, ...]:
        """The axes so far."""
        return tuple(self._made.values())

    def find(self, key: Hashable) -> Axis | None:
        """Return a hidden axis; None where it has not been asked for."""
        return self._made.get(key)

    def hidden(self, key: Hashable, name: str, *points: float, optional: bool) -> Axis:
        """Return the axis of something that boxes can't describe, made when it is first asked for."""
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = Axis(name, Values.of(*points, unknown=optional), hidden=True)
        return found


def _signal(name: str) -> Axis:
    signal = SIGNALS[name]
    if signal.words:
        full = Values.of(*map(float, range(len(signal.words))), unknown=signal.optional)
    elif signal.low is None or signal.high is None:
        full = Values(BOOLEANS.spans, signal.optional)
    else:
        full = Values.between(signal.low, signal.high, unknown=signal.optional)
    return Axis(name, full)


def _attribute(name: str) -> Axis:
    row = VARIANT_ATTRIBUTES.get(name)
    if row is None:
        return Axis(name, Values(BOOLEANS.spans, unknown=True), hidden=True)
    if row.words:
        return Axis(name, Values.of(*map(float, range(len(row.words))), unknown=True))
    low, high = (-_LARGEST if row.low is None else row.low), (_LARGEST if row.high is None else row.high)
    return Axis(name, Values.between(low, high, unknown=True))


def _of_kind(kind: Kind, low: float | None, high: float | None, *, optional: bool) -> Values:
    match kind:
        case Boolean():
            return Values(BOOLEANS.spans, optional)
        case Word(words=words):
            return Values.of(*map(float, range(len(words))), unknown=optional)
        case _:
            lowest, highest = (-_LARGEST if low is None else low), (_LARGEST if high is None else high)
            return Values.between(lowest, highest, unknown=optional)
