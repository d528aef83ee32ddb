"""A rule whose condition can never be true.

## What it finds

A rule whose `when` is true in no state that a device can be in: its parts contradict each other, within the ranges of
the signals. Decided exactly, and for every value of the parameters.

## Why it matters

The rule never starts; a case that the policy seems to handle is not handled.

Fails:

```eap
edition 1
policy p {
  rule low {
    when battery < 10% and battery > 20%
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
    use tiny
  }
  otherwise use full
}
```

## Blind spots

Comparisons of two signals, or of a signal with a parameter, count as independent of each other. A condition whose boxes
exceed the budget is not decided. One threshold outside its signal's range is EAP407's.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.policy_parts import Condition
from edgeadapt.language.linting.thresholds import is_bare

CODE = "EAP401"
NAME = "unreachable-rule"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each rule whose `when` no state satisfies."""
    for condition in ctx.conditions:
        rule = condition.rule
        if condition.role == "when" and rule is not None and _is_dead(ctx, condition):
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                condition.node.span,
                f"rule `{rule.name}` can never start",
                "no state makes this true",
                "its parts contradict each other, or ask for values out of range: change or drop one",
            )


def _is_dead(ctx: Context, condition: Condition) -> bool:
    return not is_bare(condition.expr) and ctx.is_impossible(lambda c: c.true(condition.expr))
