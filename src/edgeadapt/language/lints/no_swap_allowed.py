"""A guard that allows no swap at all.

## What it finds

A guard with `at most 0 swaps`.

## Why it matters

The first variant stays for good: every swap but those of `urgent` rules is suppressed.

Fails:

```eap
edition 1
policy p {
  rule low {
    when battery < 20%
    use tiny
  }
  otherwise use full
  guard { at most 0 swaps per 1 min }
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
  guard { at most 1 swap per 1 min }
}
```

## Blind spots

None.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language import tree as t
from edgeadapt.language.linting.context import Context

CODE = "EAP435"
NAME = "no-swap-allowed"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each limit of 0."""
    if ctx.guard is None:
        return
    node = ctx.sections(t.GuardDecl)[0]
    for place, limit in zip(node.limits, ctx.guard.limits, strict=True):
        if limit.count == 0:
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                place.span,
                "this guard suppresses every swap for good",
                "no swap is ever due",
                "allow at least 1; to stay on one variant, use it in `otherwise`",
            )
