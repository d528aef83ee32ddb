"""A rule's `cooldown` that its `for` makes superfluous.

## What it finds

A rule whose `cooldown` is not longer than its `for`.

## Why it matters

After it has ended, a rule needs at least `for` to start again, so the `cooldown` is always over by then.

Fails:

```eap
edition 1
policy p {
  rule low {
    when battery < 20%
    for 30 s
    cooldown 10 s
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
    for 30 s
    cooldown 2 min
    use tiny
  }
  otherwise use full
}
```

## Blind spots

Durations that parameters set.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Related, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.wording import time_text

CODE = "EAP429"
NAME = "cooldown-within-for"
SEVERITY = Severity.NOTE


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each `cooldown` that can't matter."""
    for rule in ctx.rules:
        cooldown, wait = ctx.fixed_ms(rule.rule.cooldown), ctx.fixed_ms(rule.rule.for_)
        if cooldown and wait and cooldown <= wait:
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                rule.span("cooldown"),
                f"the `cooldown` of rule `{rule.name}` has no effect",
                f"not longer than `for`, {time_text(wait)}",
                "leave it out, or make it longer",
                (Related(rule.span("for"), "takes at least as long after each end"),),
            )
