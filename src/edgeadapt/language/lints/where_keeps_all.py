"""A `where` that every variant of the policy's family satisfies.

## What it finds

A `where` that depends on nothing but what the family says of its variants, and that is true for each of them. Needs the
family that the policy declares.

## Why it matters

It filters nothing. Often a unit is wrong: `40 s` for `40 ms`.

Fails:

```eap
edition 1
policy p {
  family digits
  otherwise use highest accuracy where latency <= 40 s
    else lowest latency
}
```

Better:

```eap
edition 1
policy p {
  family digits
  otherwise use highest accuracy where latency <= 1 ms
    else lowest latency
}
```

## Blind spots

A `where` that reads signals, inputs, parameters or `variant.KEY`. Other families that the policy may serve: it was written
for the one that it declares.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.measured import declared_family, qualifying

CODE = "EAP446"
NAME = "where-keeps-all"
SEVERITY = Severity.NOTE


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each `where` that keeps all candidates."""
    family = declared_family(ctx)
    if family is None:
        return
    for choice in ctx.choices:
        kept = qualifying(ctx, choice, family)
        if kept is not None and kept[0] == kept[1] and choice.node.where is not None:
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                choice.node.where.span,
                f"this `where` keeps every variant it is asked about of family `{family.name}`",
                "filters nothing",
                "check its unit, or leave it out",
            )
