"""A rule that can never win, as one above it always has.

## What it finds

A rule that is active only while a rule above it is, so that the upper one's `use` decides. The upper rule counts only if
its `for`, `cooldown`, `until` and `use` can't let the lower one win; several rules above may do it together. Decided
exactly, and for every value of the parameters.

## Why it matters

Rules are tried from the top: the lower one is never asked, and what it says has no effect.

Fails:

```eap
edition 1
policy p {
  rule low {
    when battery < 20%
    use small
  }
  rule nearly_empty {
    when battery < 10%
    use tiny
  }
  otherwise use full
}
```

Better:

```eap
edition 1
policy p {
  rule nearly_empty {
    when battery < 10%
    use tiny
  }
  rule low {
    when battery < 20%
    use small
  }
  otherwise use full
}
```

## Blind spots

All variants are taken for available: where the upper rule's variant can't be loaded, the lower rule does win (`else` is
the clear way to say that). A ranked `use` of an upper rule counts only if it has no `where` and the family is known to
have a variant with every score. Rules above with a `cooldown` never count.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Related, Severity
from edgeadapt.language.linting.activity import enters
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.policy_parts import Rule
from edgeadapt.language.linting.shadowing import winners_over
from edgeadapt.language.linting.wording import listed

CODE = "EAP404"
NAME = "shadowed-rule"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each rule that others above it always beat."""
    for rule in ctx.rules[1:]:
        winners = winners_over(ctx, rule)
        if not winners or _never_starts(ctx, rule):
            continue
        if len(winners) > 3:
            names, won = "the rules above it", "one above has won"
        elif len(winners) > 1:
            names, won = listed([winner.name for winner in winners]), "one of these has won"
        else:
            names = f"`{winners[0].name}`"
            won = f"{names} has won"
        label = "the wider condition" if len(winners) == 1 else "covers a part"
        yield ctx.diagnostic(
            (CODE, SEVERITY),
            rule.span("when"),
            f"rule `{rule.name}` can never win",
            f"whenever this holds, {won}",
            f"move `{rule.name}` above {names}",
            tuple(Related(winner.span("when"), label) for winner in winners[:3]),
        )


def _never_starts(ctx: Context, rule: Rule) -> bool:
    # Such a rule has a lint of its own.
    return ctx.is_impossible(lambda c: enters(c, rule))
