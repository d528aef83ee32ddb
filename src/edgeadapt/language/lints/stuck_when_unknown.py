"""A rule that can start, but not end, while a signal is unknown.

## What it finds

A rule with `until` whose `when` can be true while an optional signal (or input) is unknown, and whose `until` can't.
Decided exactly.

## Why it matters

An unknown `until` does not end a rule. On a device without that sensor, or with a host that does not feed the input,
the rule starts and then stays for good.

Fails:

```eap
edition 1
policy p {
  rule throttled {
    when temperature >= 85 °C or throttled
    until temperature < 75 °C
    use tiny
  }
  otherwise use full
}
```

Better:

```eap
edition 1
policy p {
  rule throttled {
    when temperature >= 85 °C or throttled
    until (temperature ?? 0 °C) < 75 °C and not (throttled ?? false)
    use tiny
  }
  otherwise use full
}
```

## Blind spots

A signal that is lost after the rule has started, where the rule could not have started without it. Two signals unknown
at once, where each alone does no harm.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Related, Severity
from edgeadapt.language.linting.activity import enters
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.policy_parts import Rule
from edgeadapt.program import expr as p

CODE = "EAP410"
NAME = "stuck-when-unknown"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each `until` that needs a signal which the start of its rule does not need."""
    for rule in ctx.rules:
        for name in ctx.reads(rule.rule.until):
            if _is_stuck(ctx, rule, name):
                yield ctx.diagnostic(
                    (CODE, SEVERITY),
                    rule.span("until"),
                    f"rule `{rule.name}` can start but not end while `{name.name}` is unknown",
                    f"never true while `{name.name}` is unknown",
                    f"say what unknown means with `{name.name} ?? …`, or add `or {name.name} is unknown`",
                    (Related(rule.span("when"), "can be true even then"),),
                )


def _is_stuck(ctx: Context, rule: Rule, name: p.SignalRef | p.InputRef) -> bool:
    until = rule.rule.until
    if until is None or not ctx.any.axis(name).is_optional:
        return False
    if not ctx.is_impossible(lambda c: c.true(until) & c.unknown(name)):
        return False
    # An `until` that is never true at all has a lint of its own.
    return ctx.is_possible(lambda c: enters(c, rule) & c.unknown(name)) and ctx.is_possible(
        lambda c: c.true(until)
    )
