"""Hysteresis narrower than the sensor can tell.

## What it finds

A distance between entering and leaving, in two thresholds or as a `band`, below the step in which the sensor usually
reports: 1 % for `battery`, 1 K for `temperature`.

## Why it matters

A reading moves by a whole step at once, so the smallest change crosses both thresholds.

Fails:

```eap
edition 1
policy p {
  rule low {
    when battery < 20%
    until battery >= 20.5%
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
    until battery >= 25%
    use tiny
  }
  otherwise use full
}
```

## Blind spots

Devices whose sensors are finer or coarser; other signals; thresholds that parameters set.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity, Span
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.facts import RESOLUTION
from edgeadapt.language.linting.hysteresis import difference, gap_of
from edgeadapt.language.linting.thresholds import thresholds
from edgeadapt.language.linting.wording import dimension_of
from edgeadapt.program import expr as p
from edgeadapt.units import format_quantity

CODE = "EAP417"
NAME = "fine-hysteresis"
SEVERITY = Severity.NOTE


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each distance below a sensor's step."""
    for rule in ctx.rules:
        gap = gap_of(ctx, rule)
        if gap is not None and not gap.touching and _is_fine(gap.signal, gap.width):
            yield _problem(ctx, rule.span("until"), gap.signal, gap.width)
    for _, threshold in thresholds(ctx):
        name, width = threshold.name, threshold.width
        if width is not None and not isinstance(name, p.AttributeRef) and _is_fine(name, width):
            yield _problem(ctx, threshold.part.node.span, name, width)


def _is_fine(name: p.SignalRef | p.InputRef, width: float) -> bool:
    # Distances of decimals are not exact in doubles; a distance of one step is enough.
    return isinstance(name, p.SignalRef) and 0 < width < RESOLUTION.get(name.name, 0.0) - 1e-9


def _problem(ctx: Context, span: Span, name: p.SignalRef | p.InputRef, width: float) -> Diagnostic:
    dimension = difference(dimension_of(ctx, name))
    step = format_quantity(RESOLUTION[name.name], dimension)
    return ctx.diagnostic(
        (CODE, SEVERITY),
        span,
        f"a distance of {format_quantity(width, dimension)} is finer than `{name.name}` is usually told",
        f"sensors tell steps of {step}",
        f"leave several steps of {step} between entering and leaving",
    )
