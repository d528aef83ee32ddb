"""A default for what is never unknown.

## What it finds

`x ?? v` where x is known in every state.

## Why it matters

The default is never taken. Mostly another signal was meant.

Fails:

```eap
edition 1
policy p {
  rule low {
    when (memory_available ?? 1 GB) < 512 MB
    linger 10 s
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
    when memory_available < 512 MB
    linger 10 s
    use tiny
  }
  otherwise use full
}
```

## Blind spots

Arithmetic between signals.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language import tree as t
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.pairs import parts
from edgeadapt.program import expr as p
from edgeadapt.program.conditions.kinds import is_boolean

CODE = "EAP440"
NAME = "useless-default"
SEVERITY = Severity.NOTE


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each `??` whose left side is always known."""
    for node, expr in ctx.expressions:
        for part in parts(node, expr):
            if (
                isinstance(part.expr, p.Coalesce)
                and isinstance(part.node, t.Binary)
                and _is_known(ctx, part.expr.left)
            ):
                yield ctx.diagnostic(
                    (CODE, SEVERITY),
                    part.node.right.span,
                    f"`{ctx.text(part.node.left.span)}` is never unknown",
                    "this default is never taken",
                    "leave out `??` and the default",
                )


def _is_known(ctx: Context, expr: p.Expr) -> bool:
    if is_boolean(expr, ctx.program):
        return ctx.is_impossible(lambda c: c.truth(expr).unknown)
    return ctx.is_impossible(lambda c: c.number_is_known(expr).false)
