"""A `tolerance` as wide as all there is to gain.

## What it finds

A choice without `where` that ranks by `accuracy` (or `level(power)`), with a `tolerance` of 1 or more: the whole range of
the score.

## Why it matters

The active variant is always close enough to the best, so the ranking chooses once and never again. Mostly percent points
were meant: `tolerance 0.02`.

Fails:

```eap
edition 1
policy p {
  rule r {
    when charging
    use highest accuracy tolerance 2
  }
  otherwise use tiny
}
```

Better:

```eap
edition 1
policy p {
  rule r {
    when charging
    use highest accuracy tolerance 0.02
  }
  otherwise use tiny
}
```

## Blind spots

Other scores, and tolerances that parameters set.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.program import expr as p
from edgeadapt.program.constant import constant_value
from edgeadapt.program.program import RankedChoice

CODE = "EAP448"
NAME = "tolerance-covers-all"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each tolerance that covers its score's range."""
    for choice in ctx.choices:
        ranked = choice.choice
        if not isinstance(ranked, RankedChoice) or ranked.tolerance is None or ranked.where is not None:
            continue
        width = constant_value(ranked.tolerance, {})
        score = ranked.rankings[0].score
        is_share = isinstance(score, p.Level) or score == p.AttributeRef("accuracy")
        if is_share and width is not None and width >= 1 and choice.node.tolerance is not None:
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                choice.node.tolerance.span,
                "with this `tolerance` the active variant is always good enough",
                "the score is between 0 and 1",
                "write a share of 1, such as `0.02`",
            )
