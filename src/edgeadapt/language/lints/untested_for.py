"""A `for` longer than every test of the policy.

## What it finds

A rule whose `for` is longer than each of the policy's tests lasts.

## Why it matters

The rule starts in no test, so nothing of it is tested.

Fails:

```eap
edition 1
policy p {
  rule low {
    when battery < 20%
    for 10 min
    use tiny
  }
  otherwise use full
  test t {
    at 0 s:  battery = 10%  expect full
    at 60 s: battery = 10%  expect full
  }
}
```

Better:

```eap
edition 1
policy p {
  rule low {
    when battery < 20%
    for 10 min
    use tiny
  }
  otherwise use full
  test t {
    at 0 min:  battery = 10%  expect full
    at 10 min: battery = 10%  expect tiny
  }
}
```

## Blind spots

Policies without tests. Other timers. Tests that are long enough, and look elsewhere: coverage tells.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.wording import time_text

CODE = "EAP456"
NAME = "untested-for"
SEVERITY = Severity.NOTE


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each timer that no test is long enough for."""
    longest = max(
        (test.steps[-1].at_ns - test.steps[0].at_ns for test in ctx.tests if test.steps), default=None
    )
    if longest is None:
        return
    for rule in ctx.rules:
        wait = ctx.fixed_ms(rule.rule.for_)
        if wait is not None and wait > longest / 1e6:
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                rule.span("for"),
                f"no test is as long as the `for` of rule `{rule.name}`",
                f"the longest test takes {time_text(longest / 1e6)}, so the rule starts in none",
                "add a test that lasts beyond it",
            )
