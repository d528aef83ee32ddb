"""A comparison of a value with itself.

## What it finds

A comparison with the same expression on both sides.

## Why it matters

It is the same in every state in which the value is known. One side was meant to be another name.

Fails:

```eap
edition 1
policy p {
  rule low {
    when battery < battery
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

Expressions that are equal but written differently.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.program import expr as p

CODE = "EAP442"
NAME = "compares-with-itself"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each comparison whose sides are one."""
    for condition in ctx.conditions:
        for part in condition.parts:
            if isinstance(part.expr, (p.Compare, p.Band)) and part.expr.left == part.expr.right:
                yield ctx.diagnostic(
                    (CODE, SEVERITY),
                    part.node.span,
                    f"`{ctx.text(part.node.span)}` compares a value with itself",
                    "the same on both sides",
                    "compare it with something else",
                )
