"""Whether one condition holds wherever another does, from its shape alone: sound, and silent where it can't tell."""

from __future__ import annotations

from collections.abc import Mapping

from edgeadapt.program.expr import (
    And,
    Compare,
    CompareOp,
    Const,
    Expr,
    InRange,
    LetRef,
    Not,
    Or,
    WordConst,
)

_BELOW = (CompareOp.LT, CompareOp.LE)
_ABOVE = (CompareOp.GT, CompareOp.GE)
_OPPOSITE = {
    CompareOp.LT: CompareOp.GE,
    CompareOp.LE: CompareOp.GT,
    CompareOp.GT: CompareOp.LE,
    CompareOp.GE: CompareOp.LT,
    CompareOp.EQ: CompareOp.NE,
    CompareOp.NE: CompareOp.EQ,
}
_MIRRORED = {
    CompareOp.LT: CompareOp.GT,
    CompareOp.LE: CompareOp.GE,
    CompareOp.GT: CompareOp.LT,
    CompareOp.GE: CompareOp.LE,
    CompareOp.EQ: CompareOp.EQ,
    CompareOp.NE: CompareOp.NE,
}
# Long conditions would take long, and are none that an author gets wrong this way.
_MOST_STEPS = 2_000
_DEEPEST = 50


def implies(given: Expr, wanted: Expr, lets: Mapping[str, Expr]) -> bool:
    """Return True only if `wanted` is true in every state where `given` is, whatever is unknown."""
    return _Search(lets).run(given, wanted)


class _Search:
    """One question, with the steps it may still take: alternating `and` and `or` would take exponentially many."""

    def __init__(self, lets: Mapping[str, Expr]) -> None:
        self._lets = lets
        self._left = _MOST_STEPS

    def run(self, given: Expr, wanted: Expr, depth: int = 0) -> bool:
        self._left -= 1
        if self._left <= 0 or depth > _DEEPEST:
            return False
        # A `let` has one memory however often it is used, so the same name is the same value.
        if given == wanted:
            return True
        given, wanted = self._open(given), self._open(wanted)
        depth += 1
        if isinstance(given, Or):
            return all(self.run(part, wanted, depth) for part in given.parts)
        if isinstance(wanted, And):
            return all(self.run(given, part, depth) for part in wanted.parts)
        if isinstance(given, And) and any(self.run(part, wanted, depth) for part in given.parts):
            return True
        if isinstance(wanted, Or):
            return any(self.run(given, part, depth) for part in wanted.parts)
        if isinstance(given, Compare) and isinstance(wanted, Compare):
            return _threshold(given, wanted)
        return given == wanted

    def _open(self, expr: Expr) -> Expr:
        """Return an equal condition whose outermost node is no name, negation, range or mirrored comparison."""
        opened, is_negated = expr, False
        for _ in range(_DEEPEST):
            if isinstance(opened, Not):
                opened, is_negated = opened.operand, not is_negated
            elif isinstance(opened, LetRef) and opened.name in self._lets:
                opened = self._lets[opened.name]
            else:
                break
        match opened:
            case InRange(operand=x, low=low, high=high):
                opened = And((Compare(CompareOp.GE, x, low), Compare(CompareOp.LE, x, high)))
            case Compare(op=op, left=Const() | WordConst() as left, right=right):
                opened = Compare(_MIRRORED[op], right, left)
        return _negated(opened) if is_negated else opened


def _negated(expr: Expr) -> Expr:
    match expr:
        case And(parts=parts):
            return Or(tuple(Not(part) for part in parts))
        case Or(parts=parts):
            return And(tuple(Not(part) for part in parts))
        case Compare(op=op, left=left, right=right):
            # Unknown stays unknown either way, so nothing is lost.
            return Compare(_OPPOSITE[op], left, right)
    return Not(expr)


def _threshold(given: Compare, wanted: Compare) -> bool:
    if given.left != wanted.left:
        return False
    if given.op is wanted.op and given.right == wanted.right:
        return True
    a, b = _value(given.right), _value(wanted.right)
    if a is None or b is None:
        return False
    if given.op is CompareOp.EQ:
        return _holds(wanted.op, a, b)
    if given.op in _BELOW and wanted.op in _BELOW:
        return a < b or (a == b and (wanted.op is CompareOp.LE or given.op is CompareOp.LT))
    if given.op in _ABOVE and wanted.op in _ABOVE:
        return a > b or (a == b and (wanted.op is CompareOp.GE or given.op is CompareOp.GT))
    return False


def _value(expr: Expr) -> float | bool | None:
    match expr:
        case Const(value=value):
            return value
        case WordConst(index=index):
            return float(index)
    return None


def _holds(op: CompareOp, a: float, b: float) -> bool:
    match op:
        case CompareOp.LT:
            return a < b
        case CompareOp.LE:
            return a <= b
        case CompareOp.GT:
            return a > b
        case CompareOp.GE:
            return a >= b
        case CompareOp.EQ:
            return a == b
        case CompareOp.NE:
            return a != b
