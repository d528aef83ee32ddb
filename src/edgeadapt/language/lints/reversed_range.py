"""An `in` whose first bound is above its second.

## What it finds

`x in A .. B` with constants of which A is the larger.

## Why it matters

No value lies in between, so it is never true.

Fails:

```eap
edition 1
policy p {
  rule middle {
    when battery in 80% .. 20%
    use tiny
  }
  otherwise use full
}
```

Better:

```eap
edition 1
policy p {
  rule middle {
    when battery in 20% .. 80%
    use tiny
  }
  otherwise use full
}
```

## Blind spots

Bounds that parameters set.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Edit, Fix, Severity
from edgeadapt.language import tree as t
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.thresholds import is_reversed
from edgeadapt.program import expr as p

CODE = "EAP441"
NAME = "reversed-range"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each range that holds nothing."""
    for condition in ctx.conditions:
        for part in condition.parts:
            if isinstance(part.expr, p.InRange) and is_reversed(part.expr) and isinstance(part.node, t.In):
                low, high = part.node.low.span, part.node.high.span
                texts = (ctx.text(high), ctx.text(low))
                yield ctx.diagnostic(
                    (CODE, SEVERITY),
                    low.to(high),
                    "no value lies in this range",
                    "the first bound is above the second",
                    f"write `{texts[0]} .. {texts[1]}`",
                    fix=Fix("swap the bounds", (Edit(low, texts[0]), Edit(high, texts[1])), safe=False),
                )
