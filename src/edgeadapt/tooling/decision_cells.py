"""The values of a signal or input, cut where something that reads it changes its answer: a cell is one piece.

A comparison of two signals has no such places by itself. Of each such pair one is taken at a few typical values, and the
other is cut at each of them.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence

import attrs

from edgeadapt.program import expr as p
from edgeadapt.program.kind import Boolean, Numeric, Word
from edgeadapt.program.program import Program
from edgeadapt.regions import Values
from edgeadapt.registry.family import ModelFamily
from edgeadapt.replay.changes import Value
from edgeadapt.replay.knobs import Knob, knobs_of, opened, place
from edgeadapt.replay.thresholds import View, thresholds
from edgeadapt.runtime.inputs import HostInput
from edgeadapt.units import Dimension

_COMPARISONS = (p.Compare, p.Band, p.InRange)
# In the canonical unit: shares in percent, memory in MB, times in ms.
_TYPICAL = {
    Dimension.RATIO: (10.0, 50.0, 90.0),
    Dimension.MEMORY: (500.0, 2_000.0, 8_000.0),
    Dimension.TIME: (10.0, 1_000.0, 60_000.0),
    Dimension.TEMPERATURE: (0.0, 30.0, 70.0),
}
_OF_THE_RANGE = (0.1, 0.5, 0.9)
_ANY = (1.0, 100.0, 10_000.0)
# The others are cut anew for each combination of these, which takes milliseconds.
_MOST_OUTER = 200
# Each `??` of an expression may double the ways in which it depends on what it reads.
_MOST_WAYS = 64


@attrs.frozen
class Cell:
    """One piece: a value in it, as a `DeviceState` attribute or an input takes it, and all its canonical values."""

    given: Value
    values: Values


Point = dict[str, Cell]


class Cells:
    """The cells of what some expressions read. `sampled` names what is only taken at typical values."""

    def __init__(
        self,
        program: Program,
        family: ModelFamily,
        inputs: Sequence[HostInput],
        conditions: Sequence[p.Expr],
        scores: Sequence[p.Expr],
    ) -> None:
        self._program, self._family = program, family
        self.knobs = {knob.name: knob for knob in knobs_of(program, inputs, (*conditions, *scores))}
        nodes = opened(program, (*conditions, *scores))
        self._atoms = [node for node in dict.fromkeys(nodes) if isinstance(node, _COMPARISONS)]
        self._scores = list(dict.fromkeys(scores))
        self._lets: dict[str, set[frozenset[str]]] = {}
        # In their order, as each names only those above it: a chain of them may be longer than a call may nest.
        for let in program.lets:
            self._lets[let.name] = self._together(let.value.expr)
        self._outer = self._entangled()
        self.sampled = tuple(name for name in self._outer if isinstance(self.knobs[name].kind, Numeric))

    def points(self, most: int) -> Iterator[Point] | None:
        """Yield every combination of cells; None where there may be more than `most` of them."""
        outer = {name: self._alone(self.knobs[name]) for name in self._outer}
        if math.prod(map(len, outer.values())) > _MOST_OUTER:
            return None
        cut = [(point, self._inner(point)) for point in _product(outer)]
        if sum(math.prod(map(len, cells.values())) for _, cells in cut) > most:
            return None
        return ({**point, **found} for point, cells in cut for found in _product(cells))

    def _inner(self, outer: Point) -> dict[str, list[Cell]]:
        signals: dict[str, float | bool | None] = dict.fromkeys(self._program.signals)
        inputs: dict[str, float | bool | None] = {declared.name: None for declared in self._program.inputs}
        for name, cell in outer.items():
            knob = self.knobs[name]
            (inputs if knob.signal is None else signals)[name] = knob.canonical(cell.given)
        view = View(self._program, self._family, signals, inputs, [False] * len(self._program.bands))
        return {name: self._cut(knob, view) for name, knob in self.knobs.items() if name not in outer}

    def _cut(self, knob: Knob, view: View) -> list[Cell]:
        if not isinstance(knob.kind, Numeric):
            return self._alone(knob)
        atoms = [atom for atom in self._atoms if knob.name in self._read_by(atom)]
        scores = [score for score in self._scores if knob.name in self._read_by(score)]
        edges = thresholds(view, atoms, scores, knob, None)
        spans: list[tuple[float, float]] = []
        start = edges[0]
        for low, high in itertools.pairwise(edges):
            if place(high) - place(low) == 1:
                spans.append((start, low))
                start = high
        spans.append((start, edges[-1]))
        return [_span(knob, low, high) for low, high in spans] + _unknown(knob)

    def _alone(self, knob: Knob) -> list[Cell]:
        """Return the cells of what has a few values, or of a number at typical ones."""
        match knob.kind:
            case Boolean():
                known = [Cell(value, Values.of(float(value))) for value in (False, True)]
            case Word(words=words):
                known = [Cell(word, Values.of(float(index))) for index, word in enumerate(words)]
            case Numeric():
                known = [_span(knob, value, value) for value in dict.fromkeys(map(knob.own, _typical(knob)))]
        return known + _unknown(knob)

    def _entangled(self) -> tuple[str, ...]:
        """Return, of those that are read together, all but one."""
        taken: dict[str, None] = {}
        for expr in (*self._atoms, *self._scores):
            names = self._read_by(expr)
            # A few words or booleans lose nothing by being tried one by one.
            taken.update((name, None) for name in names if len(names) > 1 and not self._is_number(name))
            for together in self._together(expr):
                free = [name for name in names if name in together and name not in taken]
                taken.update(dict.fromkeys(free[1:]))
        return tuple(taken)

    def _together(self, expr: p.Expr) -> set[frozenset[str]]:
        """Return what an expression may depend on at once: of `a ?? b` on one of both, as `b` counts where `a` is unknown."""
        match expr:
            case p.SignalRef(name=name) | p.InputRef(name=name):
                return {frozenset((name,))}
            case p.LetRef(name=name):
                return self._lets[name]
            case p.Coalesce(left=left, right=right):
                return self._together(left) | self._together(right)
        found = {frozenset[str]()}
        for child in p.children(expr):
            parts = self._together(child)
            if len(found) * len(parts) > _MOST_WAYS:
                return {frozenset(self._read_by(expr))}
            found = {one | other for one in found for other in parts}
        return found

    def _is_number(self, name: str) -> bool:
        return isinstance(self.knobs[name].kind, Numeric)

    def _read_by(self, expr: p.Expr) -> list[str]:
        nodes = opened(self._program, (expr,))
        return list(dict.fromkeys(node.name for node in nodes if isinstance(node, (p.SignalRef, p.InputRef))))


def _span(knob: Knob, low: float, high: float) -> Cell:
    middle = low / 2 + high / 2
    given = middle if low <= middle <= high else low
    ends = knob.canonical(low), knob.canonical(high)
    return Cell(given, Values.between(float(ends[0] or 0.0), float(ends[1] or 0.0)))


def _unknown(knob: Knob) -> list[Cell]:
    return [Cell(None, Values((), unknown=True))] if knob.optional else []


def _typical(knob: Knob) -> Sequence[float]:
    assert isinstance(knob.kind, Numeric)
    known = _TYPICAL.get(knob.kind.dimension)
    if known is not None:
        return known
    low, high = knob.canonical(knob.low), knob.canonical(knob.high)
    if low is not None and high is not None and abs(low) < 1e300 and abs(high) < 1e300:
        return [low + share * (high - low) for share in _OF_THE_RANGE]
    return _ANY


def _product(cells: Mapping[str, Sequence[Cell]]) -> Iterator[Point]:
    """Yield every choice of one cell each, the last name's changing fastest."""
    if not cells:
        yield {}
        return
    name, *rest = cells
    for cell in cells[name]:
        for others in _product({each: cells[each] for each in rest}):
            yield {name: cell, **others}
