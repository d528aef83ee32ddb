"""The rule that keeps a promise has to wait for the guard.

## What it finds

A property about variants, and the rule that decides wherever the property speaks: it names variants that keep the
promise, but it is not `urgent`, and the guard's `cooldown` is longer than the property's `for`.

## Why it matters

A promise is judged on what the policy wants, so it is kept; but the forbidden variant goes on serving while the guard
delays the swap away from it.

Fails:

```eap
edition 1
policy p {
  rule hot {
    when temperature >= 75 °C
    until temperature < 66 °C
    use tiny
  }
  otherwise use full
  guard { cooldown 30 s }
  property cool { never use full when temperature >= 75 °C }
}
```

Better:

```eap
edition 1
policy p {
  rule hot {
    when temperature >= 75 °C
    until temperature < 66 °C
    urgent
    use tiny
  }
  otherwise use full
  guard { cooldown 30 s }
  property cool { never use full when temperature >= 75 °C }
}
```

## Blind spots

Rules that rank, promises that several rules keep together, and delays by the guard's `at most`.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Related, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.effects import first_variant, forbids, guard_cooldown_ms
from edgeadapt.language.linting.policy_parts import Rule
from edgeadapt.language.linting.wording import time_text
from edgeadapt.program.program import UseProperty

CODE = "EAP422"
NAME = "property-rule-not-urgent"
SEVERITY = Severity.NOTE


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each property whose rule the guard may delay for longer than the property allows."""
    cooldown = guard_cooldown_ms(ctx)
    for prop in ctx.properties:
        if not isinstance(prop.prop, UseProperty) or cooldown is None:
            continue
        grace = ctx.fixed_ms(prop.prop.for_)
        rule = _enforcer(ctx, prop.prop)
        if rule is None or rule.rule.urgent or grace is None or grace >= cooldown:
            continue
        yield ctx.diagnostic(
            (CODE, SEVERITY),
            rule.node.name.span,
            f"rule `{rule.name}` keeps property `{prop.prop.name}`, but the guard may delay it",
            f"waits for the guard's `cooldown`, {time_text(cooldown)}",
            "make the rule `urgent`, or give the property a `for` of that length",
            (Related(prop.node.name.span, "the promise"),),
        )


def _enforcer(ctx: Context, prop: UseProperty) -> Rule | None:
    """Return the rule that decides in every state in which a property speaks; None where that is not sure."""
    for rule in ctx.rules:
        if _apart(ctx, rule, prop):
            continue
        variant = first_variant(rule.rule.choices)
        if variant is None or forbids(prop, variant) or not _covers(ctx, rule, prop):
            return None
        return rule
    return None


def _apart(ctx: Context, rule: Rule, prop: UseProperty) -> bool:
    return ctx.is_impossible(lambda c: c.true(rule.rule.when) & c.true(prop.when))


def _covers(ctx: Context, rule: Rule, prop: UseProperty) -> bool:
    return ctx.is_impossible(lambda c: c.true(prop.when) & c.not_true(rule.rule.when))
