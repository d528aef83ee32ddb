"""A `where` that no variant of the policy's family satisfies.

## What it finds

A `where` that depends on nothing but what the family says of its variants, and that is true for none of them. Needs the
family that the policy declares.

## Why it matters

The choice never yields anything. Often a unit is wrong: `5 us` for `5 ms`.

Fails:

```eap
edition 1
policy p {
  family digits
  otherwise use highest accuracy where latency <= 1 us
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

As for EAP446.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.measured import declared_family, qualifying

CODE = "EAP447"
NAME = "where-keeps-none"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each `where` that keeps no candidate."""
    family = declared_family(ctx)
    if family is None:
        return
    for choice in ctx.choices:
        kept = qualifying(ctx, choice, family)
        if kept is not None and kept[0] == 0 and choice.node.where is not None:
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                choice.node.where.span,
                f"this `where` keeps no variant of family `{family.name}`",
                "so the choice yields nothing",
                "check its unit, or the family's metadata",
            )
