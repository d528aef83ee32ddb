"""A part of a condition that can never be true.

## What it finds

A part of a condition, or a `let`, that is true in no state. Decided exactly, and for every value of the parameters.

## Why it matters

The part adds nothing where it is an alternative, and it is not what its author meant.

Fails:

```eap
edition 1
policy p {
  rule low {
    when charging or battery < 10% and battery > 20%
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
    when charging or battery > 10% and battery < 20%
    use tiny
  }
  otherwise use full
}
```

## Blind spots

As for EAP401. A whole `when` that is never true is EAP401's, a whole `until` EAP409's, a property's condition EAP453's.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.constants import constant_parts
from edgeadapt.language.linting.context import Context

CODE = "EAP403"
NAME = "never-true-part"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report the largest parts that no state makes true."""
    for found in constant_parts(ctx):
        if found.always or (found.is_whole and found.condition.role in ("when", "until", "property")):
            continue
        yield ctx.diagnostic(
            (CODE, SEVERITY),
            found.part.node.span,
            f"`{ctx.text(found.part.node.span)}` can never be true",
            "no state makes this true",
            "change what contradicts, or leave it out",
        )
