"""An `until` that says what would hold without it.

## What it finds

A rule with `until` that is true in exactly the states in which `when` is not. Decided exactly, and for every value of the
parameters.

## Why it matters

Without `until` a rule ends when `when` is no longer true, unknown included: the clause changes nothing, and reads as if
there were hysteresis.

Fails:

```eap
edition 1
policy p {
  rule full_memory {
    when memory_available < 500 MB
    until memory_available >= 500 MB
    hold 10 s
    use tiny
  }
  otherwise use full
}
```

Better:

```eap
edition 1
policy p {
  rule full_memory {
    when memory_available < 500 MB
    hold 10 s
    use tiny
  }
  otherwise use full
}
```

## Blind spots

As for EAP401. A rule on a noisy signal without timers is EAP415's.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Related, Severity
from edgeadapt.language.linting.activity import has_no
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.facts import NOISY
from edgeadapt.language.linting.hysteresis import gap_of
from edgeadapt.language.linting.policy_parts import Rule

CODE = "EAP416"
NAME = "until-adds-nothing"
SEVERITY = Severity.NOTE


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each `until` that is the opposite of its `when`."""
    for rule in ctx.rules:
        if _adds_nothing(ctx, rule) and not _is_zero_hysteresis(ctx, rule):
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                rule.span("until"),
                f"`until` of rule `{rule.name}` says what would hold without it",
                "true exactly where `when` is not",
                "leave it out, or leave some distance",
                (Related(rule.span("when"), "`when` is here"),),
            )


def _adds_nothing(ctx: Context, rule: Rule) -> bool:
    when, until = rule.rule.when, rule.rule.until
    if until is None or not ctx.is_impossible(lambda c: c.true(when) & c.true(until)):
        return False
    if not ctx.is_impossible(lambda c: c.not_true(when) & c.not_true(until)):
        return False
    return ctx.is_possible(lambda c: c.true(when))


def _is_zero_hysteresis(ctx: Context, rule: Rule) -> bool:
    gap = gap_of(ctx, rule)
    return (
        gap is not None
        and gap.signal.name in NOISY
        and has_no(ctx, rule, "for", "linger", "hold", "cooldown")
    )
