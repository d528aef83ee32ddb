"""A `band` in a rule that leaves by an `until` beyond it.

## What it finds

A rule whose whole `when` is one comparison with `band`, without `for` and `cooldown`, and whose `until` holds only where
the band has been left.

## Why it matters

The rule starts in the step in which the band is entered, and from then on only `until` counts. When the rule has ended,
the band has been left too: the band never decides anything.

Fails:

```eap
edition 1
policy p {
  rule low {
    when battery < 20% band 5%
    until battery >= 30%
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
    when battery < 20%
    until battery >= 30%
    use tiny
  }
  otherwise use full
}
```

## Blind spots

Conditions of which the band is only a part.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Related, Severity
from edgeadapt.language.linting.activity import starts_at_once
from edgeadapt.language.linting.context import Context
from edgeadapt.program import expr as p

CODE = "EAP420"
NAME = "useless-band"
SEVERITY = Severity.NOTE


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each lone band that an `until` makes pointless."""
    for rule in ctx.rules:
        when, until = rule.rule.when, rule.rule.until
        if not isinstance(when, p.Band) or until is None or not starts_at_once(ctx, rule):
            continue
        if _left_before(ctx, when, until):
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                rule.span("when"),
                f"the band of rule `{rule.name}` has no effect",
                "once entered, only `until` counts",
                "leave out one of `band` and `until`",
                (Related(rule.span("until"), "true only where the band is left"),),
            )


def _left_before(ctx: Context, band: p.Band, until: p.Expr) -> bool:
    return ctx.is_impossible(lambda c: c.true(until) & c.true(band)) and ctx.is_possible(
        lambda c: c.true(until)
    )
