"""A last rule that chooses what `otherwise` does.

## What it finds

The last rule, not `urgent`, whose `use` is the one of `otherwise` word for word, and names variants.

## Why it matters

Where it does not win, `otherwise` chooses the same: the rule changes nothing.

Fails:

```eap
edition 1
policy p {
  rule rich {
    when charging
    use full
  }
  otherwise use full
}
```

Better:

```eap
edition 1
policy p {
  rule poor {
    when not charging
    use tiny
  }
  otherwise use full
}
```

## Blind spots

Rules further up, and rankings: `otherwise` treats unknown scores differently.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.program.program import NamedChoice

CODE = "EAP452"
NAME = "same-as-otherwise"
SEVERITY = Severity.NOTE


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report the last rule if it is of no effect."""
    if not ctx.rules:
        return
    rule = ctx.rules[-1]
    same = rule.rule.choices == ctx.program.otherwise
    if same and not rule.rule.urgent and all(isinstance(c, NamedChoice) for c in rule.rule.choices):
        yield ctx.diagnostic(
            (CODE, SEVERITY),
            rule.span("use"),
            f"rule `{rule.name}` chooses what `otherwise` does",
            "the same without the rule",
            "leave the rule out, or choose another variant",
        )
