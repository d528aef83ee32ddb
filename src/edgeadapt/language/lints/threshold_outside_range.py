"""A threshold that the signal can never cross.

## What it finds

A comparison with a constant that is never true, or true wherever the signal is known, because of the signal's range (for
an input: the range that it declares).

## Why it matters

The comparison decides nothing. Often a unit or a percent sign is wrong.

Fails:

```eap
edition 1
policy p {
  rule hot {
    when temperature > 160 °C
    until temperature < 70 °C
    use tiny
  }
  otherwise use full
}
```

Better:

```eap
edition 1
policy p {
  rule hot {
    when temperature > 75 °C
    until temperature < 70 °C
    use tiny
  }
  otherwise use full
}
```

## Blind spots

Arithmetic on the signal, and `in` ranges of which only one bound is outside.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.thresholds import Threshold, constant_thresholds
from edgeadapt.language.linting.wording import dimension_of, range_text

CODE = "EAP407"
NAME = "threshold-outside-range"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each threshold on or beyond an end of its signal's range."""
    for threshold, always in constant_thresholds(ctx):
        span = threshold.part.node.span
        message = "is true whatever it is" if always else "can never be true"
        yield ctx.diagnostic(
            (CODE, SEVERITY),
            span,
            f"`{ctx.text(span)}` {message}",
            _range(ctx, threshold),
            "move the threshold into the range, and check its unit",
        )


def _range(ctx: Context, threshold: Threshold) -> str:
    axis = ctx.any.axis(threshold.name)
    if axis.is_discrete:
        return f"no other word of `{threshold.name.name}` is left"
    return f"`{threshold.name.name}` is {range_text(axis, dimension_of(ctx, threshold.name))}"
