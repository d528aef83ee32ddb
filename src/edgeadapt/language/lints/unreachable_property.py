"""A property that speaks of no state.

## What it finds

A property whose `when` is true in no state. Decided exactly, and for every value of the parameters.

## Why it matters

It can't be broken, so it promises nothing.

Fails:

```eap
edition 1
policy p {
  otherwise use tiny
  property spared { never use full when battery < 10% and battery > 20% }
}
```

Better:

```eap
edition 1
policy p {
  otherwise use tiny
  property spared { never use full when battery < 10% }
}
```

## Blind spots

As for EAP401. One threshold outside its signal's range is EAP407's.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language import tree as t
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.thresholds import is_bare
from edgeadapt.program.program import UseProperty

CODE = "EAP453"
NAME = "unreachable-property"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each property whose condition no state satisfies."""
    for prop in ctx.properties:
        if (
            isinstance(prop.prop, UseProperty)
            and isinstance(prop.node.body, t.Promise)
            and _is_dead(ctx, prop.prop)
        ):
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                prop.node.body.when.span,
                f"property `{prop.prop.name}` can't be broken",
                "no state makes this true",
                "its parts contradict each other: change or drop one",
            )


def _is_dead(ctx: Context, prop: UseProperty) -> bool:
    return not is_bare(prop.when) and ctx.is_impossible(lambda c: c.true(prop.when))
