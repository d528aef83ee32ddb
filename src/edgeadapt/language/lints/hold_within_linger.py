"""A `hold` that `linger` makes superfluous.

## What it finds

A rule whose `hold` is not longer than its `linger`.

## Why it matters

A rule that has started lingers at least that long before it can end, so the `hold` is always over by then.

Fails:

```eap
edition 1
policy p {
  rule low {
    when battery < 20%
    hold 5 s
    linger 10 s
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
    linger 10 s
    use tiny
  }
  otherwise use full
}
```

## Blind spots

Durations that parameters set.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Related, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.wording import time_text

CODE = "EAP428"
NAME = "hold-within-linger"
SEVERITY = Severity.NOTE


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each `hold` that can't matter."""
    for rule in ctx.rules:
        hold, linger = ctx.fixed_ms(rule.rule.hold), ctx.fixed_ms(rule.rule.linger)
        if hold and linger and hold <= linger:
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                rule.span("hold"),
                f"the `hold` of rule `{rule.name}` has no effect",
                f"not longer than `linger`, {time_text(linger)}",
                "leave it out, or make it longer",
                (Related(rule.span("linger"), "keeps the rule at least as long"),),
            )
