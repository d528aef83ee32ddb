"""A `band` so wide that it is never left.

## What it finds

A comparison with `band` whose exit lies beyond the signal's range: once it is true, no value makes it false again.

## Why it matters

A rule on it starts once and stays until the session ends.

Fails:

```eap
edition 1
policy p {
  rule low {
    when battery < 20% band 90%
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
    when battery < 20% band 10%
    use tiny
  }
  otherwise use full
}
```

## Blind spots

Thresholds and widths that a parameter sets, and arithmetic on the signal.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.thresholds import Threshold, thresholds
from edgeadapt.language.linting.wording import dimension_of, range_text
from edgeadapt.program import expr as p

CODE = "EAP408"
NAME = "band-wider-than-range"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each band that can be entered and never left."""
    for _, threshold in thresholds(ctx):
        if threshold.width is None or not _never_left(ctx, threshold):
            continue
        if _can_be_true(ctx, threshold):
            axis, dimension = ctx.any.axis(threshold.name), dimension_of(ctx, threshold.name)
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                threshold.part.node.span,
                f"`{ctx.text(threshold.part.node.span)}` never becomes false again",
                f"`{threshold.name.name}` is {range_text(axis, dimension)}",
                "make the band narrower, so that its exit lies in the range",
            )


def _can_be_true(ctx: Context, threshold: Threshold) -> bool:
    return ctx.is_possible(lambda c: c.true(threshold.part.expr))


def _never_left(ctx: Context, threshold: Threshold) -> bool:
    axis = ctx.any.axis(threshold.name)
    if axis.hidden or axis.is_discrete or threshold.width is None:
        return False
    low, high = axis.full.spans[0]
    match threshold.op:
        case p.CompareOp.LT:
            return threshold.value + threshold.width > high
        case p.CompareOp.LE:
            return threshold.value + threshold.width >= high
        case p.CompareOp.GT:
            return threshold.value - threshold.width < low
        case _:
            return threshold.value - threshold.width <= low
