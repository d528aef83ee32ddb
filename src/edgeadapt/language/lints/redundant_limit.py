"""A guard's `at most` that another one implies.

## What it finds

An `at most` that allows as many swaps as another one or more, in a window as long or shorter.

## Why it matters

It never suppresses what the other does not.

Fails:

```eap
edition 1
policy p {
  otherwise use full
  guard {
    at most 4 swaps per 1 min
    at most 6 swaps per 30 s
  }
}
```

Better:

```eap
edition 1
policy p {
  otherwise use full
  guard {
    at most 4 swaps per 1 min
    at most 2 swaps per 10 s
  }
}
```

## Blind spots

Windows that parameters set, and limits that several others imply together.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Related, Severity
from edgeadapt.language import tree as t
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.wording import time_text

CODE = "EAP434"
NAME = "redundant-limit"
SEVERITY = Severity.NOTE


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each limit that another one includes; of two equal ones, the later."""
    if ctx.guard is None:
        return
    places = ctx.sections(t.GuardDecl)[0].limits
    limits = [(limit.count, ctx.fixed_ms(limit.per)) for limit in ctx.guard.limits]
    for index, (count, window) in enumerate(limits):
        for other, (most, longer) in enumerate(limits):
            if other == index or window is None or longer is None or most > count or longer < window:
                continue
            if (most, longer) != (count, window) or other < index:
                yield ctx.diagnostic(
                    (CODE, SEVERITY),
                    places[index].span,
                    "this limit never suppresses a swap that another one lets through",
                    f"the other allows {most} in {time_text(longer)}",
                    "leave it out, or make it stricter",
                    (Related(places[other].span, "the stricter limit"),),
                )
                break
