"""Celsius and Fahrenheit in one policy.

## What it finds

Literals in °C and literals in °F in the same policy.

## Why it matters

A reader compares thresholds by their numbers, and 75 °F is a cool evening.

Fails:

```eap
edition 1
policy p {
  rule hot {
    when temperature >= 75 °C
    until temperature < 150 °F
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
    when temperature >= 75 °C
    until temperature < 66 °C
    use tiny
  }
  otherwise use full
}
```

## Blind spots

Tests, which may well probe a threshold in other units.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Related, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.literals import numbers_in, odd_one_out

CODE = "EAP444"
NAME = "mixed-temperature-units"
SEVERITY = Severity.NOTE
_CELSIUS = frozenset(("°C", "degC"))
_FAHRENHEIT = frozenset(("°F", "degF"))


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report the first literal in the rarer unit."""
    odd = odd_one_out(numbers_in(ctx), (_CELSIUS, _FAHRENHEIT))
    if odd is not None:
        rare, common = odd
        yield ctx.diagnostic(
            (CODE, SEVERITY),
            rare.span,
            f"`{rare.unit}` and `{common.unit}` are mixed",
            "not the scale of the others",
            "write all temperatures in one scale",
            (Related(common.span, "the other scale"),),
        )
