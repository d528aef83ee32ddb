"""All tests and properties of one policy, run: what the commands and their reports work with."""

from __future__ import annotations

import attrs

from edgeadapt.diagnostics import Source, Span
from edgeadapt.language.checker import Checked
from edgeadapt.language.parser import Parsed
from edgeadapt.language.tree import PropertyDecl, TestDecl
from edgeadapt.program.program import Program
from edgeadapt.registry.family import ModelFamily
from edgeadapt.replay.coverage import Coverage
from edgeadapt.replay.promises import Verdict, judge
from edgeadapt.replay.trial import TrialRun, run_trial


@attrs.frozen
class Suite:
    """A policy's tests after they were run; spans tell where expectations and properties stand in its text."""

    source: Source
    program: Program
    runs: tuple[TrialRun, ...]
    verdicts: tuple[Verdict, ...]
    coverage: Coverage
    expect_spans: dict[Span, Span]
    property_spans: dict[str, Span]

    @property
    def failed(self) -> tuple[TrialRun, ...]:
        """The tests of which an expectation is not met."""
        return tuple(run for run in self.runs if run.failures)

    @property
    def broken(self) -> tuple[Verdict, ...]:
        """The properties that do not hold."""
        return tuple(verdict for verdict in self.verdicts if verdict.breaches)


def run_suite(parsed: Parsed, checked: Checked, program: Program, family: ModelFamily | None) -> Suite:
    """Run the tests of a checked policy.

    Raises ValueError where the family lacks a variant of the policy, or where there are tests and no family.
    """
    if family is None and checked.tests:
        raise ValueError("tests choose among the variants of a family: give one")
    runs = tuple(run_trial(program, family, test) for test in checked.tests if family is not None)
    coverage = Coverage(program)
    for run in runs:
        coverage.add(run)
    sections = parsed.tree.sections if parsed.tree is not None else ()
    steps = [step for section in sections if isinstance(section, TestDecl) for step in section.steps]
    return Suite(
        parsed.source,
        program,
        runs,
        judge(program, runs),
        coverage,
        {step.span: step.expect.span for step in steps if step.expect is not None},
        {it.name.text: it.span for it in sections if isinstance(it, PropertyDecl)},
    )
