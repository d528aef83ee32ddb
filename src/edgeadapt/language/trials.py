"""The `test` blocks of a policy, checked: traces with expectations, as data for a runner."""

from __future__ import annotations

from edgeadapt.diagnostics import Related, Span
from edgeadapt.language import tree as t
from edgeadapt.language.choices import Choices
from edgeadapt.language.constants import constant, literal
from edgeadapt.language.expressions import Expressions
from edgeadapt.language.nearness import meant
from edgeadapt.language.reporter import Reporter, shorten
from edgeadapt.program.constant import constant_value, milliseconds_to_ns
from edgeadapt.program.expr import InputRef, SignalRef
from edgeadapt.program.kind import Numeric
from edgeadapt.program.program import Input
from edgeadapt.state.schema import SIGNALS
from edgeadapt.units import Dimension, format_quantity
from edgeadapt.values import frozen


@frozen
class TrialStep:
    """One step: its time, what it sets (canonical values, word indices; None is unknown), and what it expects."""

    at_ns: int
    assigns: tuple[tuple[str, float | bool | None], ...]
    expect: str | None
    span: Span


@frozen
class PolicyTest:
    """A named trace of a policy."""

    name: str
    steps: tuple[TrialStep, ...]
    span: Span


class Trials:
    """Checks tests; what is wrong is reported and left out."""

    def __init__(
        self, reporter: Reporter, expressions: Expressions, choices: Choices, inputs: list[Input]
    ) -> None:
        self._reporter = reporter
        self._expressions = expressions
        self._choices = choices
        self._inputs = {declared.name: declared for declared in inputs}

    def check(self, node: t.TestDecl) -> PolicyTest:
        """Check one test."""
        steps: list[TrialStep] = []
        previous = 0
        for step in node.steps:
            at_ns = self._time(step.at)
            if at_ns is None:
                at_ns = previous
            elif at_ns < previous:
                related = (Related(node.steps[len(steps) - 1].at.span, "the step before"),) if steps else ()
                self._reporter.error("EAP311", step.at.span, name=node.name.text, related=related)
            previous = max(previous, at_ns)
            if step.expect is not None:
                self._choices.known_variant(step.expect)
            expected = step.expect.text if step.expect else None
            steps.append(TrialStep(at_ns, self._assigns(step.assigns), expected, step.span))
        return PolicyTest(node.name.text, tuple(steps), node.span)

    def _time(self, node: t.Expr) -> int | None:
        at = constant(self._expressions, node, Dimension.TIME, "the time of a step")
        if at is None:
            return None
        milliseconds = constant_value(at, {})
        if milliseconds is None:
            # A test must mean the same whatever parameters are given.
            if constant_value(at, self._expressions.param_values) is not None:
                help_ = "write the time of a step as a literal"
                self._reporter.error("EAP207", node.span, label="depends on a `param`", help=help_)
            return None
        return milliseconds_to_ns(float(milliseconds)) if milliseconds >= 0 else None

    def _assigns(self, nodes: tuple[t.Assign, ...]) -> tuple[tuple[str, float | bool | None], ...]:
        first: dict[str, Span] = {}
        pairs: list[tuple[str, float | bool | None]] = []
        for node in nodes:
            name = node.name.text
            if name in first:
                related = (Related(first[name], "first here"),)
                self._reporter.error("EAP302", node.name.span, what=name, related=related)
            first.setdefault(name, node.name.span)
            pair = self._assign(node)
            if pair is not None:
                pairs.append(pair)
        return tuple(pairs)

    def _assign(self, node: t.Assign) -> tuple[str, float | bool | None] | None:
        name = node.name.text
        scope = self._expressions.scope
        entry = scope.get(name)
        if entry is None:
            if not scope.is_lost(name):
                help_ = meant(name, scope.settable(), "signals") if self._reporter.may_propose else ""
                help_ = help_ or "a test sets signals and inputs"
                self._reporter.error("EAP101", node.name.span, name=shorten(name), help=help_)
            return None
        if not isinstance(entry.node, (SignalRef, InputRef)):
            self._reporter.error("EAP312", node.name.span, name=name, label=f"this is {entry.what}")
            return None
        if entry.kind is None:
            return None
        if node.value is None:
            if isinstance(entry.node, SignalRef) and not SIGNALS[name].optional:
                self._reporter.error("EAP317", node.span, name=name)
            return name, None
        value = literal(self._expressions, node.value, entry.kind)
        if value is not None and isinstance(entry.kind, Numeric):
            self._in_range(name, float(value), entry.kind.dimension, node.value.span)
        return None if value is None else (name, value)

    def _in_range(self, name: str, value: float, dimension: Dimension, span: Span) -> None:
        row = self._inputs.get(name) or SIGNALS.get(name)
        if row is None:
            return
        is_low = row.low is not None and value < row.low
        is_high = row.high is not None and value > row.high
        if is_low or is_high:
            low, high = (
                "…" if bound is None else format_quantity(bound, dimension) for bound in (row.low, row.high)
            )
            self._reporter.error("EAP316", span, name=name, low=low, high=high)
