"""A timer of nothing.

## What it finds

A rule's `for`, `linger`, `hold` or `cooldown` with a literal 0.

## Why it matters

That is what holds without the clause: it has no effect, and reads as if it had one.

Fails:

```eap
edition 1
policy p {
  rule low {
    when battery < 20%
    hold 0 s
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
    hold 30 s
    use tiny
  }
  otherwise use full
}
```

## Blind spots

Durations that parameters set, and the guard's.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.program import expr as p

CODE = "EAP430"
NAME = "zero-timer"
SEVERITY = Severity.NOTE


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each timer written as 0."""
    for rule in ctx.rules:
        timers = {
            "for": rule.rule.for_,
            "linger": rule.rule.linger,
            "hold": rule.rule.hold,
            "cooldown": rule.rule.cooldown,
        }
        for word, expr in timers.items():
            if isinstance(expr, p.Const) and expr.value == 0:
                yield ctx.diagnostic(
                    (CODE, SEVERITY),
                    rule.span(word),
                    f"the `{word}` of rule `{rule.name}` has no effect",
                    "0 is what holds without it",
                    "leave it out, or write a duration",
                )
