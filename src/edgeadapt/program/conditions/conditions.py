"""A program's conditions → the states where each is true, false and unknown.

One signal against constants is exact; a comparison of two signals is a hidden axis, and so is a band's memory.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from enum import Enum
from functools import reduce
from operator import and_, or_

from edgeadapt.program import expr as p
from edgeadapt.program.conditions.axes import Axes
from edgeadapt.program.conditions.kinds import is_boolean
from edgeadapt.program.conditions.lines import Fixed, Free, Line, Number, values_where
from edgeadapt.program.conditions.numbers import Case, Numbers, known_on, unknown_on
from edgeadapt.program.conditions.truth import ALWAYS, NEVER, UNKNOWN, Truth, chosen, of_values
from edgeadapt.program.constant import param_values
from edgeadapt.program.kind import Boolean
from edgeadapt.program.program import Program
from edgeadapt.regions import BEYOND, EVERYTHING, NOTHING, Axis, Region, Values

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_SIDES = {"<": (-1.0,), "<=": (-1.0, 0.0), ">": (1.0,), ">=": (0.0, 1.0), "==": (0.0,), "!=": (-1.0, 1.0)}

# Conditions of so many boxes are rare. A policy made of nothing else is not worth minutes: past a sum of boxes beyond
# what is usual, its other conditions are not decided.
_FREE_EFFORT = 16
_MOST_EFFORT = 2_000
_NOT_DECIDED = Truth(BEYOND, BEYOND, BEYOND)


class View(Enum):
    """Which states a set is to hold.

    ANY: at least all that can be, whatever the parameters are set to and whatever bands remember: what is empty here
    can't happen. FIRST: those of a session's first step, at the parameters' defaults: what is not empty here can happen.
    """

    ANY = "any"
    FIRST = "first"


class Conditions:
    """The conditions of one program, in one view; each answer is kept."""

    def __init__(self, program: Program, view: View) -> None:
        self._program = program
        self._view = view
        self._axes = Axes(program)
        params = param_values(program) if view is View.FIRST else None
        self._params = params
        self._numbers = Numbers(self._axes, program.lets, params)
        self._let_truths: dict[str, Truth] = {}
        # By identity: hashing a deep expression costs more than looking at it. The expressions are kept, so that no
        # other can take an old one's identity.
        self._sets: dict[Hashable, Region] = {}
        self._effort = 0
        self._kept: dict[int, tuple[p.Expr, Truth]] = {}

    def axis(self, expr: p.SignalRef | p.InputRef | p.AttributeRef) -> Axis:
        """Return the axis of a name."""
        return self._axes.of(expr)

    def band_axis(self, band: p.Band) -> Axis | None:
        """Return the hidden axis of a band's memory, None where nothing has asked for it."""
        return self._axes.find(("band", band.index))

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The axes that have been asked for."""
        return self._axes.made

    def unknown(self, name: p.SignalRef | p.InputRef | p.AttributeRef) -> Region:
        """Return the states in which a signal is unknown."""
        return unknown_on(self._axes.of(name))

    def true(self, expr: p.Expr) -> Region:
        """Return the states in which a condition is true."""
        return self.truth(expr).true

    def not_true(self, expr: p.Expr | None) -> Region:
        """Return the states in which a condition is false or unknown: everything for one that is not written."""
        return EVERYTHING if expr is None else self.truth(expr).not_true

    def truth(self, expr: p.Expr) -> Truth:
        """Return where a condition is true, false and unknown."""
        kept = self._kept.get(id(expr))
        if kept is None:
            found = self._truth(expr) if self._effort < _MOST_EFFORT else _NOT_DECIDED
            self._effort += max(0, len(found.true.boxes) + len(found.false.boxes) - _FREE_EFFORT)
            kept = self._kept[id(expr)] = (expr, found)
        return kept[1]

    def once(self, key: Hashable, make: Callable[[], Region]) -> Region:
        """Return the set that `make` gave when it was first asked for under this key."""
        kept = self._sets.get(key)
        if kept is None:
            kept = self._sets[key] = make()
        return kept

    def number_is_known(self, expr: p.Expr) -> Truth:
        """Return where a number or word is known: true or false, never unknown."""
        return chosen((part, self._known(number)) for part, number in self._numbers.cases(expr))

    def _truth(self, expr: p.Expr) -> Truth:
        match expr:
            case p.Const(value=value):
                return ALWAYS if value is True else NEVER if value is False else UNKNOWN
            case p.ParamRef(name=name):
                return self._param(name)
            case p.LetRef(name=name):
                return self._let(name)
            case p.SignalRef() | p.InputRef() | p.AttributeRef():
                return of_values(self._axes.of(expr), Values.of(1.0))
            case p.Not(operand=operand):
                return ~self.truth(operand)
            case p.And(parts=parts):
                return reduce(and_, map(self.truth, parts))
            case p.Or(parts=parts):
                return reduce(or_, map(self.truth, parts))
            case _:
                return self._relation(expr)

    def _relation(self, expr: p.Expr) -> Truth:
        match expr:
            case p.Compare(op=op, left=left, right=right):
                return self._compare(op, left, right)
            case p.InRange(operand=operand, low=low, high=high):
                above = self._compare(p.CompareOp.LE, low, operand)
                return above & self._compare(p.CompareOp.LE, operand, high)
            case p.IsKnown(operand=operand, negated=negated):
                known = self._is_known(operand)
                return ~known if negated else known
            case p.Coalesce(left=left, right=right):
                first, second = self.truth(left), self.truth(right)
                return chosen(((first.known, first), (first.unknown, second)))
            case p.Band():
                return self._band(expr)
            case _:
                return UNKNOWN

    def _let(self, name: str) -> Truth:
        if name not in self._let_truths:
            # In their order, as each names only those above it: a chain of lets may be longer than a call may nest.
            for let in self._program.lets:
                if isinstance(let.value.kind, Boolean) and let.name not in self._let_truths:
                    self._let_truths[let.name] = self.truth(let.value.expr)
                if let.name == name:
                    break
        return self._let_truths[name]

    def _param(self, name: str) -> Truth:
        if self._params is not None:
            return ALWAYS if self._params[name] is True else NEVER
        axis = self._axes.hidden(("param", name), name, 0.0, 1.0, optional=False)
        return of_values(axis, Values.of(1.0))

    def _is_known(self, operand: p.Expr) -> Truth:
        if not is_boolean(operand, self._program):
            return self.number_is_known(operand)
        truth = self.truth(operand)
        return Truth(truth.known, truth.unknown)

    def _known(self, number: Number) -> Truth:
        match number:
            case Fixed(value=value):
                return NEVER if value is None else ALWAYS
            case Line(axis=axis):
                return Truth(known_on(axis), unknown_on(axis))
            case Free(expr=p.ParamRef()):
                return ALWAYS
            case Free(expr=expr):
                hidden = self._axes.hidden(("known", expr), "is known", 0.0, 1.0, optional=False)
                return of_values(hidden, Values.of(1.0))

    def _compare(self, op: p.CompareOp, left: p.Expr, right: p.Expr) -> Truth:
        if is_boolean(left, self._program) or is_boolean(right, self._program):
            a, b = self.truth(left), self.truth(right)
            same = (a & b) | (~a & ~b)
            return same if op is p.CompareOp.EQ else ~same
        return self._pairs(op, self._numbers.cases(left), self._numbers.cases(right))

    def _pairs(self, op: p.CompareOp, lefts: list[Case], rights: list[Case]) -> Truth:
        if len(lefts) == len(rights) == 1:
            return self._pair(op, lefts[0][1], rights[0][1])
        return chosen(
            (both, self._pair(op, a, b))
            for first, a in lefts
            for second, b in rights
            if (both := first & second) is not NOTHING
        )

    def _pair(self, op: p.CompareOp, left: Number, right: Number) -> Truth:
        match left, right:
            case (Fixed(value=None), _) | (_, Fixed(value=None)):
                return UNKNOWN
            case Line(axis=axis), Fixed(value=float(b)):
                return of_values(axis, values_where(left, op, b))
            case Fixed(value=float(a)), Line(axis=axis):
                return of_values(axis, values_where(right, p.CompareOp(_MIRRORED[op.value]), a))
            case Fixed(value=float(a)), Fixed(value=float(b)):
                sign = float((a > b) - (a < b))
                return ALWAYS if sign in _SIDES[op.value] else NEVER
            case Line(axis=axis), Line() if left == right and not left.steps:
                # A value compared with itself.
                return of_values(axis, Values(axis.full.spans if 0.0 in _SIDES[op.value] else ()))
            case _:
                return self._free(op, left, right)

    def _free(self, op: p.CompareOp, left: Number, right: Number) -> Truth:
        """Compare what boxes can't: a hidden axis says which of the two is the larger, the same for every operator."""
        first, second = _identity(left), _identity(right)
        mirrored = ("order", second, first)
        if self._axes.find(mirrored) is not None:
            return self._sign(p.CompareOp(_MIRRORED[op.value]), mirrored)
        return self._sign(op, ("order", first, second))

    def _sign(self, op: p.CompareOp, key: tuple[object, ...]) -> Truth:
        axis = self._axes.hidden(key, "comparison", -1.0, 0.0, 1.0, optional=True)
        return of_values(axis, Values.of(*_SIDES[op.value]))

    def _band(self, band: p.Band) -> Truth:
        """Return where a band is true: surely where it is entered, perhaps where it is held or its operand unknown."""
        lefts, rights = self._numbers.cases(band.left), self._numbers.cases(band.right)
        entered = self._pairs(band.op, lefts, rights)
        if self._view is View.FIRST:
            return Truth(entered.true, entered.not_true)
        axis = self._axes.hidden(("band", band.index), "band", 0.0, 1.0, optional=False)
        is_true, is_false = Region.where(axis, Values.of(1.0)), Region.where(axis, Values.of(0.0))
        if entered.true is NOTHING:
            return NEVER
        op = p.NumberOp.ADD if band.op in (p.CompareOp.LT, p.CompareOp.LE) else p.NumberOp.SUBTRACT
        limits = self._numbers.cases(p.Arithmetic(op, band.right, band.width))
        held = self._pairs(band.op, lefts, limits)
        return Truth(is_true & held.not_false, is_false & entered.not_true)


def _identity(number: Number) -> object:
    """Return what tells one free number from another: its expression, or a line's own identity."""
    match number:
        case Free(expr=expr):
            return expr
        case Line(axis=axis, steps=()):
            return axis
        case _:
            return number
