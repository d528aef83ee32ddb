"""An alternative of a rule in which a rule above has always won.

## What it finds

A part of a `when` with `or` that holds only where a rule above is active and wins, in a rule without timers and `until`,
for which nothing but the present state counts. Decided exactly, and for every value of the parameters.

## Why it matters

The alternative has no effect: the rule would decide the same without it.

Fails:

```eap
edition 1
policy p {
  rule low {
    when battery < 20%
    use tiny
  }
  rule other {
    when battery < 10% or charging
    use small
  }
  otherwise use full
}
```

Better:

```eap
edition 1
policy p {
  rule low {
    when battery < 20%
    use tiny
  }
  rule other {
    when charging
    use small
  }
  otherwise use full
}
```

## Blind spots

As for EAP404. A part that several rules above cover together.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Related, Severity
from edgeadapt.language import tree as t
from edgeadapt.language.linting.activity import has_no
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.shadowing import covered_by, winners_over
from edgeadapt.program import expr as p

CODE = "EAP413"
NAME = "shadowed-part"
SEVERITY = Severity.NOTE


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each alternative that one rule above covers."""
    for condition in ctx.conditions:
        rule, expr, node = condition.rule, condition.expr, condition.node
        if (
            condition.role != "when"
            or rule is None
            or not isinstance(expr, p.Or)
            or not isinstance(node, t.Logic)
        ):
            continue
        if rule.rule.until is not None or not has_no(ctx, rule, "for", "linger", "hold", "cooldown"):
            continue
        if winners_over(ctx, rule):
            continue
        for place, part in zip(node.parts, expr.parts, strict=True):
            above = covered_by(ctx, rule, part)
            if above is not None:
                yield ctx.diagnostic(
                    (CODE, SEVERITY),
                    place.span,
                    f"this alternative of rule `{rule.name}` never decides",
                    f"whenever this holds, `{above.name}` has won",
                    f"leave it out, or move `{rule.name}` above `{above.name}`",
                    (Related(above.span("when"), "the wider condition"),),
                )
