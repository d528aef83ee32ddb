"""A timer longer than every test of the policy.

## What it finds

A rule's timer that is longer than each of the policy's tests lasts.

## Why it matters

No test can see it run out: what comes after it is not tested.

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

Policies without tests. Tests that are long enough, and look elsewhere: coverage tells.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.wording import time_text

CODE = "EAP456"
NAME = "untested-timer"
SEVERITY = Severity.NOTE


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each timer that no test is long enough for."""
    longest = max(
        (test.steps[-1].at_ns - test.steps[0].at_ns for test in ctx.tests if test.steps), default=None
    )
    if longest is None:
        return
    for rule in ctx.rules:
        timers = {
            "for": rule.rule.for_,
            "linger": rule.rule.linger,
            "hold": rule.rule.hold,
            "cooldown": rule.rule.cooldown,
        }
        for word, expr in timers.items():
            duration = ctx.fixed_ms(expr)
            if duration is not None and duration > longest / 1e6:
                yield ctx.diagnostic(
                    (CODE, SEVERITY),
                    rule.span(word),
                    f"no test is as long as the `{word}` of rule `{rule.name}`",
                    f"the longest test takes {time_text(longest / 1e6)}",
                    "add a test that lasts beyond it",
                )
