"""Comparisons of one name with one constant, the commonest parts of conditions."""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.pairs import Part
from edgeadapt.language.linting.policy_parts import Condition
from edgeadapt.program import expr as p
from edgeadapt.program.constant import constant_value
from edgeadapt.values import frozen

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_NAMES = (p.SignalRef, p.InputRef, p.AttributeRef)


@frozen
class Threshold:
    """`name op value`, with the name moved to the left; `width` is a band's, None for a comparison without memory."""

    part: Part
    name: p.SignalRef | p.InputRef | p.AttributeRef
    op: p.CompareOp
    value: float
    width: float | None


def thresholds(ctx: Context) -> tuple[tuple[Condition, Threshold], ...]:
    """Return every such comparison of the policy."""
    return ctx.once("thresholds", lambda: tuple(_thresholds(ctx)))


def _thresholds(ctx: Context) -> Iterator[tuple[Condition, Threshold]]:
    for condition in ctx.conditions:
        for part in condition.parts:
            found = threshold_of(part)
            if found is not None:
                yield condition, found


def threshold_of(part: Part) -> Threshold | None:
    """Read a part as a threshold; None for any other, and where a parameter moves it."""
    expr = part.expr
    if not isinstance(expr, (p.Compare, p.Band)):
        return None
    width = None
    if isinstance(expr, p.Band):
        width = _number(expr.width)
        if width is None:
            return None
    for name, other, op in (
        (expr.left, expr.right, expr.op),
        (expr.right, expr.left, p.CompareOp(_MIRRORED[expr.op.value])),
    ):
        value = _number(other)
        if isinstance(name, _NAMES) and value is not None:
            return Threshold(part, name, op, value, width)
    return None


def constant_thresholds(ctx: Context) -> tuple[tuple[Threshold, bool], ...]:
    """Return the thresholds that their signal's range decides: whether each is true wherever the signal is known."""
    return ctx.once("constant thresholds", lambda: tuple(_constant_thresholds(ctx)))


def _constant_thresholds(ctx: Context) -> Iterator[tuple[Threshold, bool]]:
    for _, threshold in thresholds(ctx):
        always = _constant(ctx, threshold)
        if always is not None:
            yield threshold, always


def _constant(ctx: Context, threshold: Threshold) -> bool | None:
    expr = threshold.part.expr
    if ctx.any.axis(threshold.name).hidden:
        return None
    if ctx.is_impossible(lambda c: c.true(expr)):
        return False
    return True if ctx.is_impossible(lambda c: c.truth(expr).false) else None


def is_bare(expr: p.Expr) -> bool:
    """Whether a condition is nothing but one comparison with a constant: what is odd there is said of the threshold."""
    if isinstance(expr, p.Not):
        return is_bare(expr.operand)
    if isinstance(expr, p.InRange):
        return is_reversed(expr)
    if not isinstance(expr, (p.Compare, p.Band)):
        return False
    return any(isinstance(side, _NAMES) for side in (expr.left, expr.right)) or expr.left == expr.right


def is_reversed(expr: p.InRange) -> bool:
    """Whether the first bound of `in` is above the second, whatever the parameters are."""
    low, high = _number(expr.low), _number(expr.high)
    return low is not None and high is not None and low > high


def _number(expr: p.Expr) -> float | None:
    if isinstance(expr, p.WordConst):
        return float(expr.index)
    value = constant_value(expr, {})
    return None if value is None or isinstance(value, bool) else float(value)
