"""The `test` blocks of a policy, checked: traces with expectations, as data for a runner."""

from __future__ import annotations

import attrs

from edgeadapt.diagnostics import Span
from edgeadapt.language import tree as t
from edgeadapt.language.choices import Choices
from edgeadapt.language.expressions import Expressions
from edgeadapt.language.reporter import Reporter
from edgeadapt.language.scope import nearest
from edgeadapt.program.constant import constant_value, milliseconds_to_ns
from edgeadapt.program.expr import InputRef, SignalRef
from edgeadapt.units import Dimension


@attrs.frozen
class TrialStep:
    """One step: its time, what it sets (canonical values, word indices; None is unknown), and what it expects."""

    at_ns: int
    assigns: tuple[tuple[str, float | bool | None], ...]
    expect: str | None
    span: Span


@attrs.frozen
class PolicyTest:
    """A named trace of a policy."""

    name: str
    steps: tuple[TrialStep, ...]
    span: Span


def check_test(
    node: t.TestDecl, reporter: Reporter, expressions: Expressions, choices: Choices
) -> PolicyTest:
    """Check one test; what is wrong is reported and left out."""
    steps: list[TrialStep] = []
    previous = 0
    for step in node.steps:
        at = expressions.constant(step.at, Dimension.TIME)
        milliseconds = None if at is None else constant_value(at, {})
        if at is not None and milliseconds is None:
            reporter.error("EAP207", step.at.span)
        at_ns = previous if milliseconds is None else milliseconds_to_ns(float(milliseconds))
        if at_ns < 0:
            reporter.error("EAP307", step.at.span, what="the time of a step")
        elif at_ns < previous:
            reporter.error("EAP311", step.at.span, name=node.name.text)
        previous = max(previous, at_ns)
        if step.expect is not None:
            choices.known_variant(step.expect)
        assigns = tuple(pair for a in step.assigns if (pair := _assign(a, reporter, expressions)) is not None)
        steps.append(TrialStep(at_ns, assigns, step.expect.text if step.expect else None, step.span))
    return PolicyTest(node.name.text, tuple(steps), node.span)


def _assign(
    node: t.Assign, reporter: Reporter, expressions: Expressions
) -> tuple[str, float | bool | None] | None:
    entry = expressions.scope.get(node.name.text)
    if entry is None:
        known = tuple(n for n, e in expressions.scope.items() if isinstance(e.node, (SignalRef, InputRef)))
        help_ = nearest(node.name.text, known, "signals")
        reporter.error("EAP101", node.name.span, name=node.name.text, help=help_)
        return None
    if not isinstance(entry.node, (SignalRef, InputRef)):
        reporter.error("EAP312", node.name.span, name=node.name.text)
        return None
    if node.value is None or entry.kind is None:
        return node.name.text, None
    value = expressions.literal(node.value, entry.kind)
    return None if value is None else (node.name.text, value)
