"""A numeric expression as cases: in which part of the states it is which number.

Only `??` makes more than one case; what is not a function of one axis is free.
"""

from __future__ import annotations

from edgeadapt.program import expr as p
from edgeadapt.program.conditions.axes import Axes
from edgeadapt.program.conditions.lines import Fixed, Free, Line, Number, Step, then
from edgeadapt.program.constant import arithmetic
from edgeadapt.program.kind import Boolean
from edgeadapt.program.program import Let
from edgeadapt.regions import EVERYTHING, NOTHING, Axis, Region, Values

Case = tuple[Region, Number]
# Every `??` of a sum may double its cases.
_MOST_CASES = 16


class Numbers:
    """Splits numeric expressions into cases; `params` are the values to take, None where any value may be."""

    def __init__(self, axes: Axes, lets: tuple[Let, ...], params: dict[str, float | bool] | None) -> None:
        self._axes = axes
        self._lets = lets
        self._params = params
        self._let_cases: dict[str, list[Case]] = {}

    def cases(self, expr: p.Expr) -> list[Case]:
        """Return the cases of a number or word; their parts do not overlap and hold every state."""
        found = self._cases(expr)
        return found if len(found) <= _MOST_CASES else [(EVERYTHING, Free(expr))]

    def _let(self, name: str) -> list[Case]:
        if name not in self._let_cases:
            # In their order, as each names only those above it: a chain of lets may be longer than a call may nest.
            for let in self._lets:
                if not isinstance(let.value.kind, Boolean) and let.name not in self._let_cases:
                    self._let_cases[let.name] = self.cases(let.value.expr)
                if let.name == name:
                    break
        return self._let_cases[name]

    def _cases(self, expr: p.Expr) -> list[Case]:
        match expr:
            case p.Const(value=value):
                return [(EVERYTHING, Fixed(float(value)))]
            case p.WordConst(index=index):
                return [(EVERYTHING, Fixed(float(index)))]
            case p.SignalRef() | p.InputRef() | p.AttributeRef():
                axis = self._axes.of(expr)
                return [(EVERYTHING, Free(expr) if axis.hidden else Line(axis))]
            case p.ParamRef(name=name):
                return [(EVERYTHING, Free(expr) if self._params is None else Fixed(self._params[name]))]
            case p.LetRef(name=name):
                return self._let(name)
            case p.Negate(operand=operand):
                return [(part, self._negated(number, expr)) for part, number in self.cases(operand)]
            case p.Level(operand=operand, count=count):
                return [(part, self._level(number, count, expr)) for part, number in self.cases(operand)]
            case p.Arithmetic(op=op, left=left, right=right):
                return [
                    (both, self._combined(op, a, b, expr))
                    for first, a in self.cases(left)
                    for second, b in self.cases(right)
                    if (both := first & second) is not NOTHING
                ]
            case p.Coalesce(left=left, right=right):
                return self._coalesced(expr, left, right)
            case _:
                return [(EVERYTHING, Free(expr))]

    def _negated(self, number: Number, whole: p.Expr) -> Number:
        match number:
            case Fixed(value=value):
                return Fixed(None if value is None else -value)
            case Line():
                return then(number, Step(p.NumberOp.MULTIPLY, -1.0)) or Free(whole)
            case Free():
                return Free(whole)

    def _level(self, number: Number, count: int, whole: p.Expr) -> Number:
        steps = max(1, count - 1)
        match number:
            case Fixed(value=value):
                return Fixed(None if value is None else value / steps)
            case Line():
                return then(number, Step(p.NumberOp.DIVIDE, float(steps))) or Free(whole)
            case Free():
                return Free(whole)

    def _combined(self, op: p.NumberOp, left: Number, right: Number, whole: p.Expr) -> Number:
        match left, right:
            case (Fixed(value=None), _) | (_, Fixed(value=None)):
                return Fixed(None)
            case Fixed(value=float(a)), Fixed(value=float(b)):
                return Fixed(arithmetic(op, a, b))
            case Line(), Fixed(value=float(b)):
                return then(left, Step(op, b)) or Free(whole)
            case Fixed(value=float(a)), Line():
                return then(right, Step(op, a, on_left=True)) or Free(whole)
            case _:
                return Free(whole)

    def _coalesced(self, whole: p.Expr, left: p.Expr, right: p.Expr) -> list[Case]:
        out: list[Case] = []
        nothing_known = NOTHING
        for part, number in self.cases(left):
            match number:
                case Free():
                    return [(EVERYTHING, Free(whole))]
                case Fixed(value=None):
                    nothing_known |= part
                case Fixed():
                    out.append((part, number))
                case Line(axis=axis):
                    out.append((part & known_on(axis), number))
                    nothing_known |= part & unknown_on(axis)
        out += [
            (both, number)
            for part, number in self.cases(right)
            if (both := part & nothing_known) is not NOTHING
        ]
        return [case for case in out if case[0] is not NOTHING]


def known_on(axis: Axis) -> Region:
    """Return the states in which an axis's value is known."""
    return Region.where(axis, Values(axis.full.spans))


def unknown_on(axis: Axis) -> Region:
    """Return the states in which an axis's value is unknown."""
    return Region.where(axis, Values((), axis.full.unknown))
