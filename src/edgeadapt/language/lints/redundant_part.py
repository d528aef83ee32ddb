"""A part of a condition that the others make superfluous.

## What it finds

A part of an `and` that is true wherever the others are, or a part of an `or` that is never true without another. Without
it the condition is true in exactly the same states. Decided exactly, and for every value of the parameters.

## Why it matters

One of the two says more than was meant, or the reader looks for a difference that is not there.

Fails:

```eap
edition 1
policy p {
  rule low {
    when battery < 20% and battery < 30%
    use tiny
  }
  otherwise use full
}
```

Better:

```eap
edition 1
policy p {
  rule low {
    when battery < 20%
    use tiny
  }
  otherwise use full
}
```

## Blind spots

As for EAP401. In a `let` a part is reported only if it changes neither where the `let` is true nor where it is false.
Lists of more than twelve parts are not looked into.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language import tree as t
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.pairs import Part
from edgeadapt.program import expr as p

CODE = "EAP406"
NAME = "redundant-part"
SEVERITY = Severity.NOTE
_MOST_PARTS = 12


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report in each `and` and `or` the last part that can go."""
    for condition in ctx.conditions:
        for part in condition.parts:
            found = _superfluous(ctx, part)
            if found is not None:
                yield ctx.diagnostic(
                    (CODE, SEVERITY),
                    found.span,
                    f"`{ctx.text(found.span)}` changes nothing here",
                    "the other parts say this already",
                    "leave it out, or change the others",
                )


def _superfluous(ctx: Context, part: Part) -> t.Expr | None:
    if not isinstance(part.expr, (p.And, p.Or)) or not isinstance(part.node, t.Logic):
        return None
    if len(part.expr.parts) > _MOST_PARTS:
        return None
    joined = type(part.expr)
    for index in reversed(range(len(part.expr.parts))):
        one = part.expr.parts[index]
        others = (*part.expr.parts[:index], *part.expr.parts[index + 1 :])
        rest = others[0] if len(others) == 1 else joined(others)
        if not set(ctx.reads(one)) & set(ctx.reads(rest)):
            continue  # about other signals: only constants could decide it
        narrow, wide = (rest, one) if joined is p.And else (one, rest)
        if _within(ctx, narrow, wide, part.positive):
            return part.node.parts[index]
    return None


def _within(ctx: Context, narrow: p.Expr, wide: p.Expr, positive: bool | None) -> bool:
    """Whether `narrow` is true only where `wide` is (and false wherever that is, where falsehood matters)."""
    for sign in (True, False):
        if positive is not (not sign) and not _one_way(ctx, narrow, wide, truth=sign):
            return False
    # Parts that are the same everywhere have lints of their own.
    return ctx.is_possible(lambda c: c.true(narrow)) and ctx.is_possible(lambda c: c.not_true(wide))


def _one_way(ctx: Context, narrow: p.Expr, wide: p.Expr, *, truth: bool) -> bool:
    if truth:
        return ctx.is_impossible(lambda c: c.true(narrow) & c.not_true(wide))
    return ctx.is_impossible(lambda c: c.truth(wide).false & c.truth(narrow).not_false)
