"""A negated `band` is true before its signal was ever known.

## What it finds

A `when` with the negation of a comparison with `band` (in place or through a `let`) over an optional signal, which can be
true while that signal is unknown.

## Why it matters

A band starts false and an unknown operand keeps it: until the signal is first known its negation is true, so the rule
starts on no evidence, and on a device without the sensor it always holds.

Fails:

```eap
edition 1
policy p {
  let low = battery < 20% band 10%
  rule rich {
    when not low
    use full
  }
  otherwise use tiny
}
```

Better:

```eap
edition 1
policy p {
  let low = battery < 20% band 10%
  rule rich {
    when battery is known and not low
    use full
  }
  otherwise use tiny
}
```

## Blind spots

Negated bands in `until`, which matter only while the rule is active.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.pairs import Part
from edgeadapt.language.linting.policy_parts import Condition
from edgeadapt.program import expr as p

CODE = "EAP412"
NAME = "negated-band"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each negated band that holds without its signal."""
    for condition in ctx.conditions:
        if condition.role != "when":
            continue
        for part in condition.parts:
            name = _unknown_of(ctx, condition, part) if part.positive is False else None
            if name is not None:
                yield ctx.diagnostic(
                    (CODE, SEVERITY),
                    part.node.span,
                    f"the negation of this band is true while `{name.name}` was never known",
                    "false before the first value",
                    f"add `{name.name} is known and`, or say what unknown means with `{name.name} ?? …`",
                )


def _unknown_of(ctx: Context, condition: Condition, part: Part) -> p.SignalRef | p.InputRef | None:
    expr = part.expr
    if isinstance(expr, p.LetRef):
        expr = next(let.value.expr for let in ctx.program.lets if let.name == expr.name)
    if not isinstance(expr, p.Band):
        return None
    for name in ctx.reads(expr.left, expr.right):
        if _needs(ctx, expr, name) and _holds_without(ctx, condition, name):
            return name
    return None


def _holds_without(ctx: Context, condition: Condition, name: p.SignalRef | p.InputRef) -> bool:
    return ctx.is_possible(lambda c: c.true(condition.expr) & c.unknown(name))


def _needs(ctx: Context, band: p.Band, name: p.SignalRef | p.InputRef) -> bool:
    """Whether the band's comparison is unknown while the signal is."""
    compared = p.Compare(band.op, band.left, band.right)
    return ctx.any.axis(name).is_optional and ctx.is_impossible(
        lambda c: c.truth(compared).known & c.unknown(name)
    )
