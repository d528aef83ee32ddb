"""The parts of conditions that are the same in every state: never true, or always."""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.pairs import Part
from edgeadapt.language.linting.policy_parts import Condition
from edgeadapt.language.linting.thresholds import constant_thresholds, is_bare
from edgeadapt.program import expr as p
from edgeadapt.program.conditions.kinds import is_boolean
from edgeadapt.values import frozen


@frozen
class ConstantPart:
    """A part that is `always` true or never; `is_whole` where it is its condition's all."""

    condition: Condition
    part: Part
    always: bool
    is_whole: bool


def constant_parts(ctx: Context) -> tuple[ConstantPart, ...]:
    """Return the largest constant parts of every condition; thresholds and lets have lints of their own.

    What holds a threshold that its signal's range decides is left out: that is the cause.
    """
    return ctx.once("constant parts", lambda: tuple(_constant_parts(ctx)))


def _constant_parts(ctx: Context) -> Iterator[ConstantPart]:
    decided = {threshold.part.node.span for threshold, _ in constant_thresholds(ctx)}
    for condition in ctx.conditions:
        end = -1
        for part in condition.parts:
            if part.node.span.start < end or any(
                part.node.span.to(span) == part.node.span for span in decided
            ):
                continue
            always = _constant(ctx, part.expr)
            if always is not None:
                end = part.node.span.end
                yield ConstantPart(condition, part, always, part.expr is condition.expr)


def _constant(ctx: Context, expr: p.Expr) -> bool | None:
    if isinstance(expr, (p.Const, p.LetRef, p.ParamRef, p.Band)) or not is_boolean(expr, ctx.program):
        return None
    if isinstance(expr, (p.SignalRef, p.InputRef, p.AttributeRef)) or is_bare(expr):
        return None
    if ctx.is_impossible(lambda c: c.true(expr)):
        return False
    return True if ctx.is_impossible(lambda c: c.not_true(expr)) else None
