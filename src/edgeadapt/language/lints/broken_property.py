"""A property that the policy itself breaks.

## What it finds

A property about variants, and a state in which it speaks, in which the rules say for a variant that it forbids. The state
is shown; a session that starts there and stays breaks the property.

## Why it matters

The promise does not hold.

Fails:

```eap
edition 1
policy p {
  rule low {
    when battery < 20%
    use small
  }
  otherwise use tiny
  property spared { never use small when battery < 10% }
}
```

Better:

```eap
edition 1
policy p {
  rule low {
    when battery in 10% .. 20%
    use small
  }
  otherwise use tiny
  property spared { never use small when battery < 10% }
}
```

## Blind spots

Rules that rank, or that have a `where`; violations that need a history. The analyser proves properties in full.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Related, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.effects import breaking_states, first_variant, forbids
from edgeadapt.language.linting.policy_parts import Rule
from edgeadapt.language.linting.wording import state_text
from edgeadapt.program.program import UseProperty

CODE = "EAP454"
NAME = "broken-property"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each property with a state that breaks it at once."""
    for prop in ctx.properties:
        if not isinstance(prop.prop, UseProperty):
            continue
        for rule in (*ctx.rules, None):
            variant = first_variant(ctx.program.otherwise if rule is None else rule.rule.choices)
            if variant is None or not forbids(prop.prop, variant) or not _breaks(ctx, prop.prop, rule):
                continue
            state = breaking_states(ctx.first, prop.prop, rule, ctx.rules).witness() or {}
            who = "`otherwise`" if rule is None else f"rule `{rule.name}`"
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                prop.node.name.span,
                f"{who} breaks property `{prop.prop.name}`",
                f"wants `{variant}` at {state_text(ctx, state)}" if state else f"wants `{variant}`",
                "add a rule above that chooses what the property allows",
                () if rule is None else (Related(rule.span("use"), "chooses it"),),
            )
            break


def _breaks(ctx: Context, prop: UseProperty, rule: Rule | None) -> bool:
    return ctx.is_possible(lambda c: breaking_states(c, prop, rule, ctx.rules))
