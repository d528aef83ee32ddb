"""A comment that silences what is no lint.

## What it finds

An `# eap: ignore` without a code, or with one that is no lint's. Errors can't be silenced.

## Why it matters

It has no effect, though it looks as if it had.

Fails:

```eap
edition 1
policy p {
  rule busy {
    when battery < 20%  # eap: ignore[EAP999] I know
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

None.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context

CODE = "EAP492"
NAME = "unknown-ignore"
SEVERITY = Severity.WARNING
RUNS_LAST = True


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each ignore that names no lint."""
    for ignore in ctx.ignores:
        unknown = [code for code in ignore.codes if code not in ctx.known_codes]
        if unknown or not ignore.codes:
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                ignore.span,
                f"`{unknown[0]}` is not a lint" if unknown else "this comment names no lint",
                "silences nothing",
                "write a lint's code in brackets, such as `# eap: ignore[EAP418] reason`",
            )
