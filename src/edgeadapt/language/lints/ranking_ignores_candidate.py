"""A ranking by something that is the same for every variant.

## What it finds

A `highest` or `lowest` whose score names no attribute of the candidate.

## Why it matters

All candidates tie, so the ranking decides nothing.

Fails:

```eap
edition 1
policy p {
  otherwise use lowest cpu then highest accuracy
  guard { cooldown 30 s }
}
```

Better:

```eap
edition 1
policy p {
  otherwise use lowest power then highest accuracy
  guard { cooldown 30 s }
}
```

## Blind spots

Scores that name an attribute which all variants share.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.program import expr as p
from edgeadapt.program.program import RankedChoice

CODE = "EAP449"
NAME = "ranking-ignores-candidate"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each ranking without the candidate in it."""
    for choice in ctx.choices:
        if not isinstance(choice.choice, RankedChoice):
            continue
        for node, ranking in zip(choice.node.rankings, choice.choice.rankings, strict=True):
            if not any(isinstance(inner, p.AttributeRef) for inner in p.walk(ranking.score)):
                yield ctx.diagnostic(
                    (CODE, SEVERITY),
                    node.span,
                    f"`{ctx.text(node.score.span)}` is the same for every variant",
                    "all candidates tie",
                    "rank by `accuracy`, `latency`, `memory`, `power` or `variant.KEY`",
                )
