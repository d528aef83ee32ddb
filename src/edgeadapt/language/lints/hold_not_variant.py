"""A `hold` that holds the rule while its variant changes.

## What it finds

A rule with `hold` whose `use` depends on a noisy signal in `where`, or in a score without `tolerance`, where the guard's
`cooldown` is shorter than the `hold` (or does not count, as the rule is `urgent`).

## Why it matters

`hold` holds the rule, not its variant: `use` is asked anew at each step, and while the rule is held its choice changes
with every ripple of the signal.

Fails:

```eap
edition 1
policy p {
  rule low {
    when battery < 20%
    hold 5 min
    use highest accuracy where memory <= 10% * memory_available
      else tiny
  }
  otherwise use full
  guard { cooldown 10 s }
}
```

Better:

```eap
edition 1
policy p {
  let cramped = memory_available < 500 MB band 200 MB
  rule low_and_cramped {
    when battery < 20% and cramped
    hold 5 min
    use tiny
  }
  rule low {
    when battery < 20%
    hold 5 min
    use small
  }
  otherwise use full
  guard { cooldown 10 s }
}
```

## Blind spots

Whether the signal comes near the values at which the choice changes.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Related, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.effects import guard_cooldown_ms
from edgeadapt.language.linting.noise import unsteady

CODE = "EAP431"
NAME = "hold-not-variant"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each held rule whose choice does not hold still."""
    cooldown = guard_cooldown_ms(ctx)
    if ctx.guard is None or cooldown is None:
        return
    for choice in ctx.choices:
        hold = 0.0 if choice.rule is None else ctx.fixed_ms(choice.rule.rule.hold)
        if choice.rule is None or not hold or (hold <= cooldown and not choice.rule.rule.urgent):
            continue
        name = unsteady(ctx, choice.choice)
        if name is not None:
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                choice.node.span,
                f"`hold` holds rule `{choice.rule.name}`, but not this choice",
                f"changes with `{name}`, at each step",
                "put the signal into a `let` with a `band` and a rule of its own, or lengthen the guard's `cooldown`",
                (Related(choice.rule.span("hold"), "holds the rule only"),),
            )
