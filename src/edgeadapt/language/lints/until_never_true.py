"""An `until` that can never be true.

## What it finds

A rule whose `until` is true in no state. Decided exactly, and for every value of the parameters.

## Why it matters

Once the rule has started it never ends.

Fails:

```eap
edition 1
policy p {
  rule low {
    when battery < 10%
    until battery >= 30% and battery < 20%
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
    when battery < 10%
    until battery >= 30%
    use tiny
  }
  otherwise use full
}
```

## Blind spots

As for EAP401. One threshold outside its signal's range is EAP407's.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.policy_parts import Condition
from edgeadapt.language.linting.thresholds import is_bare

CODE = "EAP409"
NAME = "until-never-true"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each `until` that no state satisfies."""
    for condition in ctx.conditions:
        rule = condition.rule
        if condition.role == "until" and rule is not None and _is_dead(ctx, condition):
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                condition.node.span,
                f"rule `{rule.name}` can never end",
                "no state makes this true",
                "its parts contradict each other: change or drop one",
            )


def _is_dead(ctx: Context, condition: Condition) -> bool:
    return not is_bare(condition.expr) and ctx.is_impossible(lambda c: c.true(condition.expr))
