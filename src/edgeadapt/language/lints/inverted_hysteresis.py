"""A rule that leaves on the same side of the threshold where it enters.

## What it finds

A rule whose `when` and `until` are one threshold each on the same number, on opposite sides, that overlap: there are
values for which both hold. Decided exactly.

## Why it matters

Exit wins over entry, so where both hold the rule is never active: the threshold of `when` means nothing, and there is no
hysteresis.

Fails:

```eap
edition 1
policy p {
  rule low {
    when battery < 30%
    until battery >= 20%
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

Conditions with more than one threshold or with parameters.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Related, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.hysteresis import gap_of

CODE = "EAP414"
NAME = "inverted-hysteresis"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each pair of thresholds that overlap."""
    for rule in ctx.rules:
        gap = gap_of(ctx, rule)
        if gap is None or gap.width > 0:
            continue
        name = gap.signal.name
        yield ctx.diagnostic(
            (CODE, SEVERITY),
            rule.span("until"),
            f"rule `{rule.name}` leaves where it should still hold",
            f"true for values of `{name}` that `when` asks for",
            "exit wins where both hold: put the two thresholds apart, the other way round",
            (Related(rule.span("when"), "enters here"),),
        )
