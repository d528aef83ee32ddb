"""An `input` that nothing uses.

## What it finds

A `input` that no rule, choice, property, constant or other declaration names.

## Why it matters

The host feeds it for nothing.

Fails:

```eap
edition 1
policy p {
  input motion: bool
  otherwise use full
}
```

Better:

```eap
edition 1
policy p {
  input motion: bool
  rule r {
    when motion
    use full
  }
  otherwise use tiny
}
```

## Blind spots

An input that only an unused `let` names; tests that set it do not count as use.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language import tree as t
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.literals import names_in

CODE = "EAP439"
NAME = "unused-input"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each `input` without a use."""
    used = names_in(ctx)
    for node in ctx.sections(t.InputDecl):
        if node.name.text not in used:
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                node.name.span,
                f"`{node.name.text}` is never used",
                "declared here, and named nowhere",
                "use it, or leave it out",
            )
