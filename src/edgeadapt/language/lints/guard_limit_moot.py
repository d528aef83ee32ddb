"""A guard's `at most` that its own `cooldown` never lets be reached.

## What it finds

A guard whose `cooldown`, kept between each two swaps, allows fewer swaps in a window than `at most` does, in a policy
without `urgent` rules.

## Why it matters

The limit never binds: the timer is longer than makes the limit useful. Mostly one of the two numbers is a slip.

Fails:

```eap
edition 1
policy p {
  rule low {
    when battery < 20%
    use tiny
  }
  otherwise use full
  guard {
    cooldown 30 s
    at most 5 swaps per 1 min
  }
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
  guard {
    cooldown 10 s
    at most 5 swaps per 1 min
  }
}
```

## Blind spots

Rollbacks and pins count as swaps and wait for no cooldown. A limit that says exactly what the cooldown does is taken for
a reminder.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Related, Severity
from edgeadapt.language import tree as t
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.effects import guard_cooldown_ms
from edgeadapt.language.linting.wording import time_text

CODE = "EAP433"
NAME = "guard-limit-moot"
SEVERITY = Severity.NOTE


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each limit beyond what the cooldown allows."""
    cooldown = guard_cooldown_ms(ctx)
    if ctx.guard is None or not cooldown or any(rule.rule.urgent for rule in ctx.rules):
        return
    node = ctx.sections(t.GuardDecl)[0]
    for place, limit in zip(node.limits, ctx.guard.limits, strict=True):
        window = ctx.fixed_ms(limit.per)
        if window is not None and limit.count * cooldown > window:
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                place.span,
                f"the guard never reaches {limit.count} swaps per {time_text(window)}",
                f"with {time_text(cooldown)} between two swaps",
                "leave it out, or make one of the two smaller",
                (Related(node.cooldowns[0].span, "binds first"),),
            )
