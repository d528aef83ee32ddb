"""An `urgent` rule that nothing slows down.

## What it finds

An `urgent` rule with none of `until`, `band`, and timers (`for`, `linger`, `hold`, `cooldown`).

## Why it matters

The guard does not delay an urgent rule. Two of them, whose conditions change from step to step, swap at every step.

Fails:

```eap
edition 1
policy p {
  rule unplugged {
    when not charging
    urgent
    use tiny
  }
  otherwise use full
}
```

Better:

```eap
edition 1
policy p {
  rule unplugged {
    when not charging
    urgent
    hold 30 s
    use tiny
  }
  otherwise use full
}
```

## Blind spots

Whether the signals really change that fast.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.activity import has_no
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.noise import has_band, varies

CODE = "EAP421"
NAME = "urgent-without-memory"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each urgent rule without memory of its own."""
    for rule in ctx.rules:
        steadied = (
            rule.rule.until is not None or has_band(ctx, rule.rule.when) or not varies(ctx, rule.rule.when)
        )
        if not rule.rule.urgent or steadied or not has_no(ctx, rule, "for", "linger", "hold", "cooldown"):
            continue
        yield ctx.diagnostic(
            (CODE, SEVERITY),
            rule.span("urgent"),
            f"nothing slows the urgent rule `{rule.name}`",
            "the guard does not delay it",
            "give it an `until` with some distance, a `band`, `hold` or `cooldown`",
        )
