"""A rule on a noisy signal with nothing that steadies it.

## What it finds

A rule whose `when` compares a noisy signal (processor, memory, temperature, power, latency and their like) without `band`,
and which has no `until` and no timer.

## Why it matters

While the signal ripples around the threshold the rule starts and ends with every step. A guard only makes that slower.

Fails:

```eap
edition 1
policy p {
  rule busy {
    when cpu > 85%
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
    when cpu > 85%
    until cpu < 65%
    use tiny
  }
  otherwise use full
}
```

## Blind spots

Inputs, of which nothing is known. A timer too short to help.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.activity import has_no
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.noise import memoryless_noise, varies

CODE = "EAP418"
NAME = "no-hysteresis"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report each rule that comes and goes with a noisy signal."""
    for rule in ctx.rules:
        if rule.rule.until is not None or not has_no(ctx, rule, "for", "linger", "hold", "cooldown"):
            continue
        name = memoryless_noise(ctx, rule.rule.when)
        if name is not None and varies(ctx, rule.rule.when):
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                rule.span("when"),
                f"rule `{rule.name}` comes and goes with every ripple of `{name}`",
                "one threshold, and nothing that steadies it",
                "add `until` with some distance, a `band`, or a timer such as `linger`",
            )
