"""A `let` that nothing uses.

## What it finds

A `let` that no rule, choice, property, constant or other declaration names.

## Why it matters

It costs a reader's time, and usually a name is misspelt where it was meant to be used.

Fails:

```eap
edition 1
policy p {
  let low = battery < 20%
  otherwise use full
}
```

Better:

```eap
edition 1
policy p {
  let low = battery < 20%
  rule r {
    when low
    use tiny
  }
  otherwise use full
}
```

## Blind spots

A `let` that only another unused `let` names.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language import tree as t
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.literals import names_in

CODE = "EAP437"
NAME = "unused-let"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each `let` without a use."""
    used = names_in(ctx)
    for node in ctx.sections(t.LetDecl):
        if node.name.text not in used:
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                node.name.span,
                f"`{node.name.text}` is never used",
                "declared here, and named nowhere",
                "use it, or leave it out",
            )
