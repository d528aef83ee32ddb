"""What came of a policy's tests, for a person: each failure with its place and its reasons, a line a policy, coverage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgeadapt.cli.output.columns import columns
from edgeadapt.cli.output.diagnostics import show_diagnostics
from edgeadapt.cli.output.explanation import show_explanation
from edgeadapt.cli.output.terminal import say, tell
from edgeadapt.cli.output.words import moment, outcome, winner
from edgeadapt.diagnostics import Diagnostic, Related, Severity
from edgeadapt.replay import Breach, Coverage, StepRun, Suite, TrialRun, Verdict
from edgeadapt.wording import shown


def show_suite(suite: Suite) -> None:
    """Print each failure in full, and a line about all."""
    for run in suite.failed:
        _show(failure(suite, run), run.failures[0])
    for verdict in suite.broken:
        for broken in verdict.breaches:
            _show(breach(suite, verdict, broken), broken.step)
    say(f"{suite.source.name}: {outcome_line([suite])}")
    for verdict in suite.verdicts:
        if not verdict.judged:
            untested = f"property `{verdict.name}` is not put to the test"
            why = "in no test does its condition hold for long enough" if suite.runs else "there are no tests"
            tell("note", f"{suite.source.name}: {untested}: {why}")


def outcome_line(suites: Sequence[Suite]) -> str:
    """Count tests and properties: `6 tests pass, 3 properties hold`."""
    tests, failed = sum(len(it.runs) for it in suites), sum(len(it.failed) for it in suites)
    properties, broken = sum(len(it.verdicts) for it in suites), sum(len(it.broken) for it in suites)
    if not tests:
        return "no tests"
    told = [f"{failed} of {_counted(tests, 'test')} {'fails' if failed == 1 else 'fail'}"]
    if not failed:
        told = [f"{_counted(tests, 'test')} {'passes' if tests == 1 else 'pass'}"]
    if broken:
        is_ = "is" if broken == 1 else "are"
        told.append(f"{broken} of {_counted(properties, 'property', 'properties')} {is_} broken")
    elif properties:
        holds = "holds" if properties == 1 else "hold"
        told.append(f"{_counted(properties, 'property', 'properties')} {holds}")
    return ", ".join(told)


def failure(suite: Suite, run: TrialRun) -> Diagnostic:
    """Return a test's first failure as a diagnostic."""
    first, *others = run.failures
    active = _variant(first.decision.active)
    times = [moment(step.seconds) for step in others]
    also = f"; what is expected at {_listed(times)} fails too" if times else ""
    return Diagnostic(
        "test",
        Severity.ERROR,
        f"`{run.test.name}` expects {shown(first.step.expect)} at {moment(first.seconds)}, not {active}",
        suite.source,
        suite.expect_spans[first.step.span],
        f"{active} is active",
        f"{_why(first)}{also}",
    )


def breach(suite: Suite, verdict: Verdict, broken: Breach) -> Diagnostic:
    """Return a broken property as a diagnostic, at the step that breaks it."""
    when = f"at {moment(broken.step.seconds)} of test `{broken.run.test.name}`"
    return Diagnostic(
        "property",
        Severity.ERROR,
        f"`{verdict.name}` does not hold {when}",
        suite.source,
        broken.step.step.span,
        broken.words,
        _why(broken.step),
        (Related(suite.property_spans[verdict.name], "does not hold"),),
    )


def show_coverage(name: str, coverage: Coverage) -> None:
    """Print a policy's table: a line a rule, what is missing in words, and the total."""
    rows = [
        [
            rule.rule,
            _of(rule.count(conditions=True)),
            _of(rule.count(conditions=False)),
            "; ".join(rule.missing) or "-",
        ]
        for rule in coverage.rules
    ]
    say(f"\nCoverage of {name}:")
    for line in columns(rows, ["rule", "conditions", "turns", "missing"], "  "):
        say(line)
    say(f"  total: {coverage.covered} of {coverage.total}, {percentage(coverage.percent)}")


def percentage(percent: float) -> str:
    """Write a percentage; only all of it is 100 %."""
    return f"{int(percent * 10) / 10:g} %"


def _show(diagnostic: Diagnostic, step: StepRun) -> None:
    show_diagnostics([diagnostic])
    show_explanation(step.decision, step.before)
    say()


def _why(step: StepRun) -> str:
    return f"at this step: {outcome(step.decision, step.before)}, by {winner(step.decision)}"


def _variant(name: str | None) -> str:
    return "no variant" if name is None else shown(name)


def _of(count: tuple[int, int]) -> str:
    return f"{count[0]} of {count[1]}" if count[1] else "-"


def _listed(texts: Sequence[str], most: int = 4) -> str:
    def parts() -> Iterator[str]:
        yield from texts[:most]
        if len(texts) > most:
            yield f"{len(texts) - most} more"

    *others, last = parts()
    return f"{', '.join(others)} and {last}" if others else last


def _counted(count: int, noun: str, plural: str = "") -> str:
    return f"{count} {noun if count == 1 else plural or noun + 's'}"
