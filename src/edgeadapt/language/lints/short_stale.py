"""An input that is forgotten before a `for` on it is over.

## What it finds

A rule with a `for` longer than the `stale after` of an input that its `when` needs. Decided exactly.

## Why it matters

One value of the input can't start the rule: it is unknown again before the `for` is over, and unknown clears a pending
`for`. The host must feed it anew all along.

Fails:

```eap
edition 1
policy p {
  input motion: bool stale after 2 s
  rule moving {
    when motion
    for 10 s
    use full
  }
  otherwise use tiny
}
```

Better:

```eap
edition 1
policy p {
  input motion: bool stale after 30 s
  rule moving {
    when motion
    for 10 s
    use full
  }
  otherwise use tiny
}
```

## Blind spots

How often the host feeds the input: if it does so more often than it goes stale, all is well, and the lint can be
silenced with that reason.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.policy_parts import Rule
from edgeadapt.language.linting.wording import time_text
from edgeadapt.program import expr as p

CODE = "EAP427"
NAME = "short-stale"
SEVERITY = Severity.NOTE


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each `for` that outlasts an input."""
    stale = {declared.name: ctx.fixed_ms(declared.stale_after) for declared in ctx.program.inputs}
    for rule in ctx.rules:
        wait = ctx.fixed_ms(rule.rule.for_)
        for name in ctx.reads(rule.rule.when):
            kept = stale.get(name.name) if isinstance(name, p.InputRef) else None
            if wait and kept and kept < wait and _needs(ctx, rule, name):
                yield ctx.diagnostic(
                    (CODE, SEVERITY),
                    rule.span("for"),
                    f"one value of `{name.name}` can't start rule `{rule.name}`",
                    f"the value is forgotten after {time_text(kept)}",
                    "lengthen `stale after`, shorten `for`, or feed it more often than it goes stale",
                )


def _needs(ctx: Context, rule: Rule, name: p.SignalRef | p.InputRef) -> bool:
    when = rule.rule.when
    return ctx.is_impossible(lambda c: c.true(when) & c.unknown(name)) and ctx.is_possible(
        lambda c: c.true(when)
    )
