"""A `band` of nothing.

## What it finds

A comparison with a literal `band` of 0.

## Why it matters

It enters and leaves at the same value: there is no hysteresis, though the text says so.

Fails:

```eap
edition 1
policy p {
  rule low {
    when battery < 20% band 0%
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
    when battery < 20% band 5%
    use tiny
  }
  otherwise use full
}
```

## Blind spots

Widths that a parameter sets.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language import tree as t
from edgeadapt.language.linting.context import Context
from edgeadapt.program import expr as p

CODE = "EAP419"
NAME = "zero-band"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each band whose width is written as 0."""
    for condition in ctx.conditions:
        for part in condition.parts:
            if not isinstance(part.node, t.Comparison) or not isinstance(part.expr, p.Band):
                continue
            width = part.expr.width
            if part.node.band is not None and isinstance(width, p.Const) and width.value == 0:
                yield ctx.diagnostic(
                    (CODE, SEVERITY),
                    part.node.band.span,
                    "this `band` has no width",
                    "leaves where it enters",
                    "write how far back the value must come, such as `band 5%`",
                )
