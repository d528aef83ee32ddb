"""An `until` that holds wherever `when` does.

## What it finds

A rule whose `until` is true in every state in which its `when` is, though not by its shape alone (that is the error
EAP304): bands, ranges and lets are looked into. Decided exactly, and for every value of the parameters.

## Why it matters

Exit wins over entry: where both hold the rule does not start. So it never does.

Fails:

```eap
edition 1
policy p {
  rule low {
    when battery < 20% and not charging
    until (battery ?? 0%) < 30%
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
    when battery < 20% and not charging
    until (battery ?? 0%) >= 30%
    use tiny
  }
  otherwise use full
}
```

## Blind spots

As for EAP401. A rule that can start in a few states only, because its `until` covers most of `when`, is not reported
here.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Related, Severity
from edgeadapt.language.linting.activity import enters
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.policy_parts import Rule

CODE = "EAP402"
NAME = "until-covers-when"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each rule that its own `until` keeps from ever starting."""
    for rule in ctx.rules:
        if rule.rule.until is not None and _never_starts(ctx, rule):
            related = (Related(rule.span("when"), "`when` is here"),)
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                rule.span("until"),
                f"`until` holds wherever `when` of rule `{rule.name}` does",
                "so the rule can never start",
                "`until` says when the rule ends: write the opposite of `when`, with some distance",
                related,
            )


def _never_starts(ctx: Context, rule: Rule) -> bool:
    if not ctx.is_impossible(lambda c: enters(c, rule)):
        return False
    # A `when` that is never true is another lint's.
    return not ctx.is_impossible(lambda c: c.true(rule.rule.when))
