"""Decimal and binary units of memory in one policy.

## What it finds

Literals in kB, MB or GB and literals in KiB, MiB or GiB in the same policy.

## Why it matters

512 MiB are 536.9 MB. Two thresholds that look equal are not, and one of the two is mostly a slip.

Fails:

```eap
edition 1
policy p {
  let cramped = memory_available < 512 MB band 128 MiB
  rule r {
    when cramped
    use tiny
  }
  otherwise use full
}
```

Better:

```eap
edition 1
policy p {
  let cramped = memory_available < 512 MB band 128 MB
  rule r {
    when cramped
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

CODE = "EAP443"
NAME = "mixed-memory-units"
SEVERITY = Severity.NOTE
_DECIMAL = frozenset(("kB", "MB", "GB"))
_BINARY = frozenset(("KiB", "MiB", "GiB"))


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report the first literal in the rarer kind of unit."""
    odd = odd_one_out(numbers_in(ctx), (_DECIMAL, _BINARY))
    if odd is not None:
        rare, common = odd
        yield ctx.diagnostic(
            (CODE, SEVERITY),
            rare.span,
            f"`{rare.unit}` and `{common.unit}` are mixed",
            "decimal and binary units differ by 5% to 7%",
            "write all memory in one kind of unit",
            (Related(common.span, "the other kind"),),
        )
