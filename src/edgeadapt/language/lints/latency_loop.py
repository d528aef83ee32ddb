"""A rule that reacts to a latency that its own swap changes.

## What it finds

A rule whose `when`, and whose end, depend on `inference_latency`, without `cooldown`.

## Why it matters

The loop is closed: the rule swaps because the active variant is slow, the next one is fast, the rule ends, and the slow
one comes back. Only a `cooldown` of the rule bounds how often.

Fails:

```eap
edition 1
policy p {
  rule slow {
    when inference_latency > 50 ms
    until inference_latency < 10 ms
    use tiny
  }
  otherwise use full
}
```

Better:

```eap
edition 1
policy p {
  rule slow {
    when inference_latency > 50 ms
    until inference_latency < 10 ms
    cooldown 5 min
    use tiny
  }
  otherwise use full
}
```

## Blind spots

A cooldown too short to help.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.program import expr as p

CODE = "EAP423"
NAME = "latency-loop"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each rule in a closed loop on the latency without a cooldown."""
    for rule in ctx.rules:
        if rule.rule.cooldown is not None or not _reads_latency(ctx, rule.rule.when):
            continue
        if rule.rule.until is None or _reads_latency(ctx, rule.rule.until):
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                rule.span("when"),
                f"rule `{rule.name}` reacts to a latency that its own swap changes",
                "a closed loop",
                "add a `cooldown` of some minutes to the rule",
            )


def _reads_latency(ctx: Context, expr: p.Expr | None) -> bool:
    return any(name == p.SignalRef("inference_latency") for name in ctx.reads(expr))
