"""Entering and leaving at the same value of a noisy signal.

## What it finds

A rule that enters on one side of a value of a noisy signal and leaves on the other side of the same value, without a
timer. Decided exactly.

## Why it matters

While the signal ripples around that value the rule starts and ends with every step.

Fails:

```eap
edition 1
policy p {
  rule hot {
    when temperature >= 70 °C
    until temperature < 70 °C
    use tiny
  }
  otherwise use full
}
```

Better:

```eap
edition 1
policy p {
  rule hot {
    when temperature >= 70 °C
    until temperature < 64 °C
    use tiny
  }
  otherwise use full
}
```

## Blind spots

Conditions with more than one threshold or with parameters; rules with any of `for`, `linger`, `hold`, `cooldown`.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Related, Severity
from edgeadapt.language.linting.activity import has_no
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.facts import NOISY
from edgeadapt.language.linting.hysteresis import gap_of
from edgeadapt.program import expr as p

CODE = "EAP415"
NAME = "zero-hysteresis"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each rule with nothing between its two thresholds and no timer."""
    for rule in ctx.rules:
        gap = gap_of(ctx, rule)
        if gap is None or not gap.touching or gap.signal.name not in NOISY:
            continue
        if isinstance(gap.signal, p.SignalRef) and has_no(ctx, rule, "for", "linger", "hold", "cooldown"):
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                rule.span("until"),
                f"rule `{rule.name}` leaves at the value at which it enters",
                "no distance from `when`",
                f"`{gap.signal.name}` is never still: leave some distance, or add `hold` or `linger`",
                (Related(rule.span("when"), "enters here"),),
            )
