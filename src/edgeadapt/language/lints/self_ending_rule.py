"""A rule that its own swap ends.

## What it finds

A rule without `until`, `hold` and `linger` whose `when` needs `inference_latency` or `inference_rate` to be known.
Decided exactly.

## Why it matters

Both are unknown from a commit until the new variant has served 20 calls. The swap that the rule asks for makes them
unknown, `when` is no longer true, and the rule ends with the next step.

Fails:

```eap
edition 1
policy p {
  rule slow {
    when inference_latency > 50 ms
    cooldown 5 min
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

A `hold` or `linger` shorter than 20 calls take.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.activity import ends_at_once
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.facts import RESET_BY_SWAPS
from edgeadapt.language.linting.policy_parts import Rule
from edgeadapt.program import expr as p

CODE = "EAP424"
NAME = "self-ending-rule"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each rule that ends as soon as it has swapped."""
    for rule in ctx.rules:
        if rule.rule.until is not None or not ends_at_once(ctx, rule):
            continue
        for name in ctx.reads(rule.rule.when):
            if name.name in RESET_BY_SWAPS and _needs(ctx, rule, name):
                yield ctx.diagnostic(
                    (CODE, SEVERITY),
                    rule.span("when"),
                    f"the swap that rule `{rule.name}` asks for ends it",
                    f"`{name.name}` is unknown after each commit, until 20 calls",
                    "add an `until`: while unknown it does not end the rule",
                )
                break


def _needs(ctx: Context, rule: Rule, name: p.SignalRef | p.InputRef) -> bool:
    when = rule.rule.when
    return ctx.is_impossible(lambda c: c.true(when) & c.unknown(name)) and ctx.is_possible(
        lambda c: c.true(when)
    )
