"""A pending `for` that other rules' swaps clear.

## What it finds

A rule with `for` whose `when` needs `inference_latency` or `inference_rate` to be known, in a policy with other rules.
Decided exactly.

## Why it matters

One unknown sample clears a pending `for`. Both signals are unknown from a commit until the new variant has served 20
calls, so every swap that another rule makes starts the wait anew.

Fails:

```eap
edition 1
policy p {
  rule slow {
    when inference_latency > 50 ms
    until inference_latency < 10 ms
    for 30 s
    cooldown 5 min
    use tiny
  }
  rule low {
    when battery < 20%
    use small
  }
  otherwise use full
}
```

Better:

```eap
edition 1
policy p {
  rule slow {
    when inference_latency > 50 ms band 40 ms       # a band keeps its value while unknown
    for 30 s
    cooldown 5 min
    use tiny
  }
  rule low {
    when battery < 20%
    use small
  }
  otherwise use full
}
```

## Blind spots

Other signals, which are unknown for other reasons.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Related, Severity
from edgeadapt.language.linting.activity import has_no
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.facts import RESET_BY_SWAPS
from edgeadapt.language.linting.policy_parts import Rule
from edgeadapt.program import expr as p

CODE = "EAP425"
NAME = "unknown-clears-for"
SEVERITY = Severity.NOTE


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each `for` that a commit clears."""
    for rule in ctx.rules:
        if len(ctx.rules) < 2 or rule.rule.for_ is None or has_no(ctx, rule, "for"):
            continue
        for name in ctx.reads(rule.rule.when):
            if name.name in RESET_BY_SWAPS and _needs(ctx, rule, name):
                yield ctx.diagnostic(
                    (CODE, SEVERITY),
                    rule.span("for"),
                    f"every swap clears the pending `for` of rule `{rule.name}`",
                    f"`{name.name}` is unknown after each commit, until 20 calls",
                    "compare with a `band`, which keeps its value while unknown",
                    (Related(rule.span("when"), f"not true while `{name.name}` is unknown"),),
                )
                break


def _needs(ctx: Context, rule: Rule, name: p.SignalRef | p.InputRef) -> bool:
    when = rule.rule.when
    return ctx.is_impossible(lambda c: c.true(when) & c.unknown(name)) and ctx.is_possible(
        lambda c: c.true(when)
    )
