"""What an expression is worth in one step: section 2 of the language, node by node.

A value is a float (numbers, quantities, word indices), a bool, or None for unknown. Nothing here can fail: what has
no finite answer is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from edgeadapt.program import expr as p
from edgeadapt.program.constant import arithmetic

Value = float | bool | None


class Scope:
    """The values of one step's names, and of one candidate's attributes while a `use` is asked."""

    def __init__(
        self,
        signals: Mapping[str, Value],
        inputs: Mapping[str, Value],
        params: Mapping[str, float | bool],
        bands: Sequence[bool],
    ) -> None:
        self.signals = signals
        self.inputs = inputs
        self.params = params
        self.bands = bands
        self.lets: dict[str, Value] = {}
        self.attributes: Mapping[str, Value] = {}


def evaluate(expr: p.Expr, scope: Scope) -> Value:
    """Return an expression's value."""
    match expr:
        case p.Const(value=value):
            return value
        case p.WordConst(index=index):
            return float(index)
        case p.SignalRef(name=name):
            return scope.signals.get(name)
        case p.InputRef(name=name):
            return scope.inputs.get(name)
        case p.ParamRef(name=name):
            return scope.params[name]
        case p.LetRef(name=name):
            return scope.lets[name]
        case p.AttributeRef(name=name):
            return scope.attributes.get(name)
        case p.Coalesce(left=left, right=right):
            known = evaluate(left, scope)
            return evaluate(right, scope) if known is None else known
        case p.Level() | p.Negate() | p.Arithmetic():
            return _number(expr, scope)
        case _:
            return truth(expr, scope)


def number(expr: p.Expr, scope: Scope) -> float | None:
    """Return a number; an unchecked attribute that is none is unknown."""
    value = evaluate(expr, scope)
    return None if isinstance(value, bool) else value


def truth(expr: p.Expr, scope: Scope) -> bool | None:
    """Return whether a condition holds, None where that is unknown."""
    match expr:
        case p.Compare(op=op, left=left, right=right):
            return compare(op, evaluate(left, scope), evaluate(right, scope))
        case p.Band(index=index):
            return scope.bands[index]
        case p.InRange(operand=operand, low=low, high=high):
            value = evaluate(operand, scope)
            above = compare(p.CompareOp.LE, evaluate(low, scope), value)
            return conjunction((above, compare(p.CompareOp.LE, value, evaluate(high, scope))))
        case p.IsKnown(operand=operand, negated=negated):
            return (evaluate(operand, scope) is None) is negated
        case p.Not(operand=operand):
            inner = truth(operand, scope)
            return None if inner is None else not inner
        case p.And(parts=parts):
            return conjunction(truth(part, scope) for part in parts)
        case p.Or(parts=parts):
            inverse = conjunction(_inverted(truth(part, scope)) for part in parts)
            return _inverted(inverse)
        case _:
            value = evaluate(expr, scope)
            return value if isinstance(value, bool) else None


def compare(op: p.CompareOp, left: Value, right: Value) -> bool | None:
    """Compare two values of one kind; unknown if either is, or if an unchecked attribute is of another kind."""
    if left is None or right is None or isinstance(left, bool) is not isinstance(right, bool):
        return None
    match op:
        case p.CompareOp.LT:
            return left < right
        case p.CompareOp.LE:
            return left <= right
        case p.CompareOp.GT:
            return left > right
        case p.CompareOp.GE:
            return left >= right
        case p.CompareOp.EQ:
            return left == right
        case p.CompareOp.NE:
            return left != right


def conjunction(parts: Iterable[bool | None]) -> bool | None:
    """Return Kleene's `and`: false if any part is, else unknown if any is, else true."""
    values = tuple(parts)
    if False in values:
        return False
    return None if None in values else True


def _inverted(value: bool | None) -> bool | None:
    return None if value is None else not value


def _number(expr: p.Level | p.Negate | p.Arithmetic, scope: Scope) -> float | None:
    match expr:
        case p.Level(operand=operand, count=count):
            index = number(operand, scope)
            # A single word is both the lowest and the highest; it counts as the lowest.
            return None if index is None else index / max(1, count - 1)
        case p.Negate(operand=operand):
            value = number(operand, scope)
            return None if value is None else -value
        case p.Arithmetic(op=op, left=left, right=right):
            a, b = number(left, scope), number(right, scope)
            return None if a is None or b is None else arithmetic(op, a, b)


def advance_band(band: p.Band, held: bool, scope: Scope) -> bool:
    """Return a band's new memory: entered at the threshold, left only beyond the width; unknown keeps it."""
    left, right = number(band.left, scope), number(band.right, scope)
    width = number(band.width, scope)
    if left is None or right is None or width is None:
        return held
    match band.op:
        case p.CompareOp.LT:
            return left < right or (held and left < right + width)
        case p.CompareOp.LE:
            return left <= right or (held and left <= right + width)
        case p.CompareOp.GT:
            return left > right or (held and left > right - width)
        case p.CompareOp.GE:
            return left >= right or (held and left >= right - width)
        case _:
            raise AssertionError(f"a band has no `{band.op.value}`")
