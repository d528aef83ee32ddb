"""Equality on a measured quantity.

## What it finds

A measured number or quantity compared with `==` or `!=` to a value within its range.

## Why it matters

A reading moves in steps or with noise, and may pass the number that is written without ever being exactly that: then `==`
never notices.

Fails:

```eap
edition 1
policy p {
  rule warm {
    when temperature == 70 °C
    use tiny
  }
  otherwise use full
}
```

Better:

```eap
edition 1
policy p {
  rule warm {
    when temperature in 69 °C .. 71 °C
    linger 30 s
    use tiny
  }
  otherwise use full
}
```

## Blind spots

Inputs, which may be counts. The ends of a signal's range, such as `battery == 100%`, which readings do reach.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.thresholds import thresholds
from edgeadapt.program import expr as p

CODE = "EAP436"
NAME = "measured-equality"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each `==` and `!=` on a measured signal."""
    for _, threshold in thresholds(ctx):
        if threshold.op not in (p.CompareOp.EQ, p.CompareOp.NE) or not isinstance(
            threshold.name, p.SignalRef
        ):
            continue
        axis = ctx.any.axis(threshold.name)
        low, high = axis.full.spans[0]
        if not axis.is_discrete and low < threshold.value < high:
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                threshold.part.node.span,
                f"`{threshold.name.name}` is measured, and `{threshold.op.value}` compares it exactly",
                "readings may pass this value by",
                "compare with `<` or `>=`, or with `in A .. B`",
            )
