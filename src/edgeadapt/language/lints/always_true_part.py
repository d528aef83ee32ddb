"""A condition, or a part of one, that is always true.

## What it finds

A part of a condition that is true in every state, unknown signals included. Decided exactly, and for every value of the
parameters.

## Why it matters

The part says nothing; where it is an alternative, the whole condition is always true, and a rule with such a `when`
hides every rule below it.

Fails:

```eap
edition 1
policy p {
  rule any {
    when battery < 30% or battery >= 20% or battery is unknown
    use tiny
  }
  otherwise use full
}
```

Better:

```eap
edition 1
policy p {
  rule any {
    when battery < 30% or battery is unknown
    use tiny
  }
  otherwise use full
}
```

## Blind spots

As for EAP401. An `until` that always holds is EAP402's or the error EAP304.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.constants import constant_parts
from edgeadapt.language.linting.context import Context

CODE = "EAP405"
NAME = "always-true-part"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report the largest parts that every state makes true."""
    for found in constant_parts(ctx):
        if not found.always or (found.is_whole and found.condition.role == "until"):
            continue
        yield ctx.diagnostic(
            (CODE, SEVERITY),
            found.part.node.span,
            f"`{ctx.text(found.part.node.span)}` is always true",
            "every state makes this true",
            "leave it out, or change what covers all",
        )
