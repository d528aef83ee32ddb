"""A ranking that an earlier one has settled.

## What it finds

A `then` that ranks by the same score as a ranking before it.

## Why it matters

Only candidates with equal scores reach it, and among those it sees no difference.

Fails:

```eap
edition 1
policy p {
  otherwise use highest accuracy then lowest accuracy
}
```

Better:

```eap
edition 1
policy p {
  otherwise use highest accuracy then lowest latency
}
```

## Blind spots

Scores that are equal but written differently.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.program.program import RankedChoice

CODE = "EAP450"
NAME = "redundant-ranking"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each ranking by a score that was ranked by before."""
    for choice in ctx.choices:
        if not isinstance(choice.choice, RankedChoice):
            continue
        scores = [ranking.score for ranking in choice.choice.rankings]
        for index, node in enumerate(choice.node.rankings):
            if scores[index] in scores[:index]:
                yield ctx.diagnostic(
                    (CODE, SEVERITY),
                    node.span,
                    f"`{ctx.text(node.span)}` breaks no tie",
                    "an earlier ranking is by the same score",
                    "rank by something else, or leave it out",
                )
