"""Where comparisons change their answer as one number moves and all else stays: found to the very double.

Each comparison is tried at its own operands, at a linear guess and at the ends of the range; between two neighbours
with different answers the place of the change is found by halving. What is not linear may be missed.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from edgeadapt.program import expr as p
from edgeadapt.program.constant import param_values
from edgeadapt.program.kind import Boolean
from edgeadapt.program.program import Program
from edgeadapt.registry.family import ModelFamily
from edgeadapt.replay.knobs import Knob, at_place, place
from edgeadapt.runtime.choose import contenders
from edgeadapt.runtime.evaluate import Scope, Value, advance_band, evaluate, number, truth

Answer = tuple[Value, ...]
# Between two places where answers are tried anyway; more are only met where rounding makes an answer waver.
_MOST_CHANGES = 4


class View:
    """A step's values, in which single ones can be exchanged and expressions asked again."""

    def __init__(
        self,
        program: Program,
        family: ModelFamily,
        signals: Mapping[str, Value],
        inputs: Mapping[str, Value],
        bands: Sequence[bool],
    ) -> None:
        self._program = program
        self._signals = dict(signals)
        self._inputs = dict(inputs)
        self._params = param_values(program)
        self._bands = bands
        self._attributes = [contender.attributes for contender in contenders(family)]

    def scope(self, knob: Knob, value: Value) -> Scope:
        """Return the scope with one canonical value exchanged."""
        changed = {knob.name: value}
        signals = self._signals if knob.signal is None else {**self._signals, **changed}
        inputs = self._inputs if knob.declared is None else {**self._inputs, **changed}
        scope = Scope(signals, inputs, self._params, self._bands)
        for let in self._program.lets:
            is_truth = isinstance(let.value.kind, Boolean)
            scope.lets[let.name] = (truth if is_truth else evaluate)(let.value.expr, scope)
        return scope

    def scores(self, score: p.Expr, knob: Knob, value: Value) -> list[float | None]:
        """Return each candidate's score with one canonical value exchanged."""
        scope = self.scope(knob, value)
        found = []
        for attributes in self._attributes:
            scope.attributes = attributes
            found.append(number(score, scope))
        return found

    def candidates(self, atom: p.Expr) -> list[Mapping[str, Value]]:
        """Return the attributes that a comparison has to be asked with: each candidate's, or none at all."""
        reads = any(isinstance(node, p.AttributeRef) for node in p.walk(atom))
        return self._attributes if reads else [{}]


def thresholds(
    view: View, atoms: Sequence[p.Expr], scores: Sequence[p.Expr], knob: Knob, current: float | None
) -> tuple[float, ...]:
    """Return the numbers on both sides of each change, the bounds too, in the knob's own unit, ascending.

    `atoms` are comparisons, `scores` what candidates are ranked by: there it changes which of two is ahead.
    """
    ends = {knob.low, knob.high} | ({current} if current is not None else set())
    found = {knob.low, knob.high}
    for atom in atoms:
        for attributes in view.candidates(atom):

            def ask(own: float, atom: p.Expr = atom, attributes: Mapping[str, Value] = attributes) -> Answer:
                scope = view.scope(knob, knob.canonical(own))
                scope.attributes = attributes
                return _answer(atom, scope)

            found.update(_all_changes(ask, ends.union(_seeds(view, atom, attributes, knob, current))))
    for score in scores:

        def order(own: float, score: p.Expr = score) -> Answer:
            return _order(view.scores(score, knob, knob.canonical(own)))

        found.update(_all_changes(order, ends.union(_crossings(view, score, knob))))
    return tuple(sorted(found))


def _all_changes(ask: Callable[[float], Answer], seeds: set[float]) -> Iterator[float]:
    for low, high in itertools.pairwise(sorted(seeds)):
        yield from _changes(ask, low, high)


def _order(scores: Sequence[float | None]) -> Answer:
    """Say of each two scores whether the first is ahead, behind or equal; unknown where one is."""
    return tuple(
        None if a is None or b is None else float((a > b) - (a < b))
        for a, b in itertools.combinations(scores, 2)
    )


def _crossings(view: View, score: p.Expr, knob: Knob) -> Iterator[float]:
    """Guess where two candidates' scores are equal, as if both were linear in the knob's canonical value."""
    one, two = view.scores(score, knob, 1.0), view.scores(score, knob, 2.0)
    for (a, c), (b, d) in itertools.combinations(zip(one, two, strict=True), 2):
        if a is None or b is None or c is None or d is None:
            continue
        slope = (c - d) - (a - b)
        if slope:
            yield from _around(1.0 - (a - b) / slope, knob)


def _answer(atom: p.Expr, scope: Scope) -> Answer:
    if isinstance(atom, p.Band):
        return advance_band(atom, False, scope), advance_band(atom, True, scope)
    if isinstance(atom, p.InRange):
        low = p.Compare(p.CompareOp.LE, atom.low, atom.operand)
        return truth(low, scope), truth(p.Compare(p.CompareOp.LE, atom.operand, atom.high), scope)
    return (truth(atom, scope),)


def _changes(ask: Callable[[float], Answer], low: float, high: float) -> Iterator[float]:
    """Yield both sides of each change that halving meets, from the lowest on: a quotient may change twice past 0."""
    before, after = ask(low), ask(high)
    start = place(low)
    for _ in range(_MOST_CHANGES):
        if before == after:
            return
        first, last = start, place(high)
        while last - first > 1:
            middle = (first + last) // 2
            if ask(at_place(middle)) == before:
                first = middle
            else:
                last = middle
        yield at_place(first)
        yield at_place(last)
        start, before = last, ask(at_place(last))


def _seeds(
    view: View, atom: p.Expr, attributes: Mapping[str, Value], knob: Knob, current: float | None
) -> Iterator[float]:
    base = min(max(0.0, knob.low), knob.high) if current is None else current
    scope = view.scope(knob, knob.canonical(base))
    scope.attributes = attributes
    values = [value for node in p.walk(atom) if (value := _finite(node, scope)) is not None]
    if isinstance(atom, p.Band):
        width = _finite(atom.width, scope) or 0.0
        values += [value + sign * width for value in values for sign in (-1, 1)]
    values += _solutions(view, atom, attributes, knob, scope)
    for value in values:
        yield from _around(value, knob)


def _around(canonical: float, knob: Knob) -> Iterator[float]:
    """Yield the number that means a canonical one, and its neighbours: it may be a place off."""
    if math.isfinite(canonical):
        own = place(knob.own(canonical))
        yield from (min(max(at_place(own + by), knob.low), knob.high) for by in (-1, 0, 1))


def _solutions(
    view: View, atom: p.Expr, attributes: Mapping[str, Value], knob: Knob, scope: Scope
) -> Iterator[float]:
    """Guess where two sides are equal, as if both were linear in the knob's canonical value."""
    if isinstance(atom, (p.Compare, p.Band)):
        pairs = [(atom.left, atom.right)]
    elif isinstance(atom, p.InRange):
        pairs = [(atom.operand, atom.low), (atom.operand, atom.high)]
    else:
        return
    one, two = view.scope(knob, 1.0), view.scope(knob, 2.0)
    one.attributes = two.attributes = attributes
    width = (_finite(atom.width, scope) or 0.0) if isinstance(atom, p.Band) else 0.0
    for left, right in pairs:
        sides = [_finite(side, at) for at in (one, two) for side in (left, right)]
        if None in sides:
            continue
        a, b, c, d = (side for side in sides if side is not None)
        slope = (c - d) - (a - b)
        if slope:
            for shift in {0.0, width, -width}:
                yield 1.0 - (a - b + shift) / slope


def _finite(expr: p.Expr, scope: Scope) -> float | None:
    if isinstance(expr, p.Const) and isinstance(expr.value, bool):
        return None
    if isinstance(expr, (p.Compare, p.Band, p.InRange, p.IsKnown, p.Not, p.And, p.Or)):
        return None
    return number(expr, scope)
