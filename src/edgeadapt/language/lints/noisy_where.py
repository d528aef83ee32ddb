"""A choice that a noisy signal changes at each step.

## What it finds

A `use` that depends on a noisy signal in its `where`, or in what it ranks by, without `tolerance`, in a policy without a
guard.

## Why it matters

A rule's timers steady the rule, not its choice: every ripple of the signal can ask for another variant.

Fails:

```eap
edition 1
policy p {
  otherwise use highest accuracy where memory <= 10% * memory_available
    else lowest memory
}
```

Better:

```eap
edition 1
policy p {
  otherwise use highest accuracy where memory <= 10% * memory_available
    else lowest memory
  guard { cooldown 30 s }
}
```

## Blind spots

Whether the signal comes near the values at which the choice changes. The default guard that an engine adds.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.noise import unsteady

CODE = "EAP432"
NAME = "noisy-where"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each choice that neither `tolerance` nor a guard steadies."""
    if ctx.guard is not None:
        return
    for choice in ctx.choices:
        name = unsteady(ctx, choice.choice)
        if name is None or getattr(choice.choice, "tolerance", None) is not None:
            continue
        yield ctx.diagnostic(
            (CODE, SEVERITY),
            choice.node.span,
            f"this choice can change with every ripple of `{name}`",
            "no `tolerance`, and no guard",
            "add a guard with a `cooldown`, or a `tolerance`",
        )
