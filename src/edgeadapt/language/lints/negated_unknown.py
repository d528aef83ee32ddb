"""`not` before a comparison reads as if it covered unknown.

## What it finds

A `when` with `not (signal > x)` over an optional number or quantity, which can't be true while that signal is unknown,
and which says nowhere (by `is known`, `is unknown` or `??`) what unknown means.

## Why it matters

`not` of unknown is unknown: where the sensor is missing the rule never starts, while `not above 50%` reads as if a device
without the sensor were meant too.

Fails:

```eap
edition 1
policy p {
  rule idle {
    when not (battery > 50%)
    use tiny
  }
  otherwise use full
}
```

Better:

```eap
edition 1
policy p {
  rule idle {
    when battery <= 50%
    use tiny
  }
  otherwise use full
}
```

## Blind spots

`not` before a `let`, and before true-or-false signals, where it is the only way to write the opposite.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.policy_parts import Condition
from edgeadapt.program import expr as p

CODE = "EAP411"
NAME = "negated-unknown"
SEVERITY = Severity.NOTE


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each negated comparison that leaves its rule dead on a device without the signal."""
    for condition in ctx.conditions:
        if condition.role != "when":
            continue
        for part in condition.parts:
            name = _compared(part.expr)
            if name is not None and _is_dead_without(ctx, condition, name):
                yield ctx.diagnostic(
                    (CODE, SEVERITY),
                    part.node.span,
                    f"`{ctx.text(part.node.span)}` is not true while `{name.name}` is unknown",
                    "unknown there, so the rule does not start",
                    f"compare the other way round, or say what unknown means with `{name.name} ?? …`",
                )


def _compared(expr: p.Expr) -> p.SignalRef | p.InputRef | None:
    if not isinstance(expr, p.Not) or not isinstance(expr.operand, p.Compare):
        return None
    for side, other in ((expr.operand.left, expr.operand.right), (expr.operand.right, expr.operand.left)):
        if isinstance(side, (p.SignalRef, p.InputRef)) and isinstance(other, (p.Const, p.ParamRef)):
            return side
    return None


def _is_dead_without(ctx: Context, condition: Condition, name: p.SignalRef | p.InputRef) -> bool:
    axis = ctx.any.axis(name)
    if not axis.is_optional or axis.is_discrete:
        return False
    for node in ctx.all_nodes(condition.expr):
        handled = None
        if isinstance(node, p.IsKnown):
            handled = node.operand
        elif isinstance(node, p.Coalesce):
            handled = node.left
        if handled is not None and name in ctx.reads(handled):
            return False
    return ctx.is_impossible(lambda c: c.true(condition.expr) & c.unknown(name))
