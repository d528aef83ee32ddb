"""A comment that silences a lint without saying why.

## What it finds

An `# eap: ignore[CODE]` with nothing behind it.

## Why it matters

Whoever reads it later can't tell whether it is still right.

Fails:

```eap
edition 1
policy p {
  rule busy {
    when cpu > 85%  # eap: ignore[EAP418]
    use tiny
  }
  otherwise use full
}
```

Better:

```eap
edition 1
policy p {
  rule busy {
    when cpu > 85%  # eap: ignore[EAP418] the host averages it over a minute
    use tiny
  }
  otherwise use full
}
```

## Blind spots

Whether the reason is a good one.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context

CODE = "EAP491"
NAME = "ignore-without-reason"
SEVERITY = Severity.WARNING
RUNS_LAST = True


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each ignore without a reason."""
    for ignore in ctx.ignores:
        if not ignore.reason:
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                ignore.span,
                "this comment silences a lint without a reason",
                "no reason is given",
                "write why behind it: `# eap: ignore[EAP418] the host averages it`",
            )
