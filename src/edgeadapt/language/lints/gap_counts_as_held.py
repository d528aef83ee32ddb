"""A `for` shorter than the time between two steps.

## What it finds

A rule whose `for` is shorter than an engine's usual poll interval, 1 s.

## Why it matters

A gap between two steps counts as held: two samples in a row satisfy such a `for`, whatever happened between them. It
filters no more than one sample.

Fails:

```eap
edition 1
policy p {
  rule low {
    when battery < 20%
    for 200 ms
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
    for 5 s
    use tiny
  }
  otherwise use full
}
```

## Blind spots

Engines that are told to poll more often, or less.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.facts import POLL_INTERVAL_MS
from edgeadapt.language.linting.wording import time_text

CODE = "EAP426"
NAME = "gap-counts-as-held"
SEVERITY = Severity.NOTE


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each `for` that the second sample satisfies."""
    for rule in ctx.rules:
        duration = ctx.fixed_ms(rule.rule.for_)
        if duration is not None and 0 < duration < POLL_INTERVAL_MS:
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                rule.span("for"),
                f"two samples in a row satisfy the `for` of rule `{rule.name}`",
                f"shorter than the usual poll interval, {time_text(POLL_INTERVAL_MS)}",
                "a gap between steps counts as held: wait for several polls",
            )
