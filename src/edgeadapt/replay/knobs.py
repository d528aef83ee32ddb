"""What of a step can be turned: the signals and inputs that some conditions read, with the values each may take."""

from __future__ import annotations

import math
import struct
import sys
from collections.abc import Iterable, Mapping

import attrs

from edgeadapt.program import expr as p
from edgeadapt.program.kind import Boolean, Kind, Numeric, Word
from edgeadapt.program.program import Program
from edgeadapt.replay.changes import Value
from edgeadapt.runtime.inputs import HostInput, take
from edgeadapt.state import SIGNALS, Signal, SignalKind
from edgeadapt.units import Dimension


@attrs.frozen
class Knob:
    """A signal or input; `low` and `high` bound a number in the unit of the `DeviceState` attribute or the input."""

    name: str
    kind: Kind
    low: float
    high: float
    optional: bool
    signal: Signal | None
    declared: HostInput | None

    def canonical(self, given: Value) -> float | bool | None:
        """Return a value as the evaluator sees it: canonical, a word's place, None for unknown."""
        if given is None:
            return None
        if self.declared is not None:
            return take(self.declared, given).value
        assert self.signal is not None
        if isinstance(given, str):
            return float(self.signal.words.index(given))
        if isinstance(given, bool) or self.signal.kind is not SignalKind.NUMERIC:
            return bool(given)
        return self.signal.to_canonical(float(given))

    def shown(self, given: Value) -> Value:
        """Return a value as a person names it: canonical, a word as text."""
        return given if given is None or isinstance(given, (str, bool)) else self.canonical(given)

    def own(self, canonical: float) -> float:
        """Return a canonical number in the knob's own unit, kept in its bounds."""
        own = canonical if self.signal is None else self.signal.from_canonical(canonical)
        return min(max(own, self.low), self.high)


def knobs_of(
    program: Program, declared: Iterable[HostInput], expressions: Iterable[p.Expr]
) -> tuple[Knob, ...]:
    """Return what some expressions read, through lets too, in the order in which they read it."""
    inputs = {entry.name: entry for entry in declared}
    found: dict[str, Knob] = {}
    for node in opened(program, expressions):
        if isinstance(node, p.SignalRef):
            found.setdefault(node.name, _of_signal(SIGNALS[node.name]))
        elif isinstance(node, p.InputRef):
            found.setdefault(node.name, _of_input(inputs[node.name]))
    return tuple(found.values())


def opened(program: Program, expressions: Iterable[p.Expr]) -> tuple[p.Expr, ...]:
    """Return every node of some expressions and of the lets that they use, each let once."""
    lets = {let.name: let.value.expr for let in program.lets}
    seen: set[str] = set()
    waiting = list(expressions)
    nodes: list[p.Expr] = []
    while waiting:
        for node in p.walk(waiting.pop(0)):
            nodes.append(node)
            if isinstance(node, p.LetRef) and node.name not in seen:
                seen.add(node.name)
                waiting.append(lets[node.name])
    return tuple(nodes)


def _of_signal(signal: Signal) -> Knob:
    low = 0.0 if signal.low is None else signal.from_canonical(signal.low)
    high = 0.0 if signal.high is None else signal.from_canonical(signal.high)
    kind: Kind = Numeric(signal.dimension or Dimension.NUMBER)
    if signal.kind is SignalKind.BOOLEAN:
        kind = Boolean()
    elif signal.kind is SignalKind.WORD:
        kind = Word(signal.words, signal.ordered)
    return Knob(signal.name, kind, low, high, signal.optional, signal, None)


def _of_input(declared: HostInput) -> Knob:
    low = -sys.float_info.max if declared.low is None else declared.low
    high = sys.float_info.max if declared.high is None else declared.high
    return Knob(declared.name, declared.kind, low, high, True, None, declared)


def current_values(
    knobs: Iterable[Knob], attributes: object, inputs: Mapping[str, Value]
) -> dict[str, Value]:
    """Return what each knob has now, in its own unit; a text with a unit becomes a number."""
    values: dict[str, Value] = {}
    for knob in knobs:
        if knob.signal is not None:
            value: Value = getattr(attributes, knob.signal.attribute)
        else:
            value = inputs.get(knob.name)
            if not isinstance(knob.kind, Word):
                value = knob.canonical(value)
        if isinstance(knob.kind, Numeric) and value is not None:
            value = float(value)
        values[knob.name] = value
    return values


def place(value: float) -> int:
    """Return a double's place among all doubles, so that neighbours differ by 1."""
    bits: int = struct.unpack("<q", struct.pack("<d", value))[0]
    return bits if bits >= 0 else -(bits & 0x7FFF_FFFF_FFFF_FFFF)


def at_place(index: int) -> float:
    """Return the double at a place."""
    value: float = struct.unpack("<d", struct.pack("<q", abs(index)))[0]
    return math.copysign(value, index) if index else 0.0
