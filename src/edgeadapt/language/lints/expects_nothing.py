"""A test that expects nothing.

## What it finds

A `test` with no `expect` in any step.

## Why it matters

It passes whatever the policy does.

Fails:

```eap
edition 1
policy p {
  otherwise use full
  test t {
    at 0 s: battery = 50%
  }
}
```

Better:

```eap
edition 1
policy p {
  otherwise use full
  test t {
    at 0 s: battery = 50%  expect full
  }
}
```

## Blind spots

Tests that are there for the policy's properties, which are judged over them.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language import tree as t
from edgeadapt.language.linting.context import Context

CODE = "EAP455"
NAME = "expects-nothing"
SEVERITY = Severity.NOTE


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each test that can't fail."""
    if ctx.properties:
        return
    for test in ctx.sections(t.TestDecl):
        if all(step.expect is None for step in test.steps):
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                test.name.span,
                f"test `{test.name.text}` expects nothing",
                "passes whatever happens",
                "add `expect VARIANT` to a step",
            )
