"""A `param` that nothing uses.

## What it finds

A `param` that no rule, choice, property, constant or other declaration names.

## Why it matters

Setting it from outside has no effect, without a word.

Fails:

```eap
edition 1
policy p {
  param floor = 20%
  otherwise use full
}
```

Better:

```eap
edition 1
policy p {
  param floor = 20%
  rule r {
    when battery < floor
    use tiny
  }
  otherwise use full
}
```

## Blind spots

A param that only an unused `let` names.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language import tree as t
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.literals import names_in

CODE = "EAP438"
NAME = "unused-param"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each `param` without a use."""
    used = names_in(ctx)
    for node in ctx.sections(t.ParamDecl):
        if node.name.text not in used:
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                node.name.span,
                f"`{node.name.text}` is never used",
                "declared here, and named nowhere",
                "use it, or leave it out",
            )
