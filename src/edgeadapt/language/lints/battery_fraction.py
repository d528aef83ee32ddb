"""A battery threshold below one percent.

## What it finds

`battery` compared with a value above 0 % and below 1 %.

## Why it matters

Batteries report whole percents, so `0.2%` is the same as empty. A fraction was written as a percentage: `20%` was meant.

Fails:

```eap
edition 1
policy p {
  rule low {
    when battery < 0.2%
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

Parameters.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.thresholds import thresholds
from edgeadapt.program import expr as p
from edgeadapt.units import Dimension, format_quantity

CODE = "EAP445"
NAME = "battery-fraction"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each threshold that looks like a fraction."""
    for _, threshold in thresholds(ctx):
        if threshold.name == p.SignalRef("battery") and 0 < threshold.value < 1:
            meant = format_quantity(threshold.value * 100, Dimension.RATIO)
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                threshold.part.node.span,
                "this threshold is below one percent of the battery",
                "batteries report whole percents",
                f"write `{meant}` if that is meant",
            )
