"""An `else` that names a variant again.

## What it finds

An `else` with a variant that an earlier choice without `where` named; and a `where` directly followed by the same variant
without one.

## Why it matters

If the variant was not available the first time, it is not the second time either. And `a where C else a` is `a`.

Fails:

```eap
edition 1
policy p {
  rule low {
    when battery < 20%
    use tiny else tiny
  }
  otherwise use full
}
```

Better:

```eap
edition 1
policy p {
  rule low {
    when battery < 20%
    use tiny else small
  }
  otherwise use full
}
```

## Blind spots

Rankings.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.policy_parts import Choice
from edgeadapt.program.program import NamedChoice

CODE = "EAP451"
NAME = "repeated-choice"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each variant that comes too late, or too soon."""
    for owner, chain in _chains(ctx):
        for index, choice in enumerate(chain):
            named = choice.choice
            if not isinstance(named, NamedChoice) or index == 0:
                continue
            earlier = [c.choice for c in chain[:index]]
            before = earlier[-1]
            if NamedChoice(named.variant) in earlier:
                message = "if it was not available before, it is not here"
            elif isinstance(before, NamedChoice) and before.variant == named.variant and named.where is None:
                message = "so the `where` before it changes nothing"
            else:
                continue
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                choice.node.span,
                f"{owner} names `{named.variant}` again",
                message,
                "name another variant, or leave it out",
            )


def _chains(ctx: Context) -> Iterator[tuple[str, list[Choice]]]:
    for rule in (*ctx.rules, None):
        owner = "`otherwise`" if rule is None else f"rule `{rule.name}`"
        yield owner, [choice for choice in ctx.choices if choice.rule is rule]
