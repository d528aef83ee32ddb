"""A comment that silences nothing.

## What it finds

An `# eap: ignore[CODE]` on or above a line where that lint finds nothing.

## Why it matters

It is left over, or stands in the wrong place; and it would silence what comes later.

Fails:

```eap
edition 1
policy p {
  rule low {
    when battery < 20%  # eap: ignore[EAP418] steady enough
    use tiny
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
    use tiny
  }
  otherwise use full
}
```

## Blind spots

None.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context

CODE = "EAP490"
NAME = "unused-ignore"
SEVERITY = Severity.NOTE
RUNS_LAST = True


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each ignored code that was not found there."""
    for index, ignore in enumerate(ctx.ignores):
        for code in ignore.codes:
            if code in ctx.known_codes and (index, code) not in ctx.silenced:
                yield ctx.diagnostic(
                    (CODE, SEVERITY),
                    ignore.span,
                    f"`{code}` is not found here",
                    "silences nothing",
                    "leave the comment out, or move it to the line that it is about",
                )
