"""`edgeadapt test`: the `test` blocks and properties of every policy given, run; one file's trouble hides no other's."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import attrs
import click

from edgeadapt.cli.arguments.family import (
    FamiliesRead,
    family_not_found,
    family_option,
    find_family,
    policy_folder,
)
from edgeadapt.cli.arguments.options import PATH, file_option
from edgeadapt.cli.arguments.policy_text import policy_paths, read_text
from edgeadapt.cli.failure import GOOD, MISUSE, PROBLEMS, Misuse, report
from edgeadapt.cli.output.terminal import printable, say, tell
from edgeadapt.errors import PolicyFileError
from edgeadapt.wording import shown

if TYPE_CHECKING:
    from edgeadapt.cli.output.junit import Entry
    from edgeadapt.language.parser import Parsed
    from edgeadapt.registry.family import ModelFamily
    from edgeadapt.replay import Suite


@click.command("test")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=PATH)
@family_option("Test the policies with this family instead of the one that each names.")
@click.option("--coverage", "with_coverage", is_flag=True, help="Show what of each rule the tests reach.")
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Fail where the tests reach less of a policy than this.",
)
@file_option("--junit", help="Write a report in JUnit's XML, too.")
@click.option("--json", "as_data", is_flag=True, help="Print one JSON document for machines.")
def test(
    paths: tuple[str, ...],
    family_path: str | None,
    with_coverage: bool,
    fail_under: float | None,
    junit: str | None,
    as_data: bool,
) -> int:
    r"""Run the tests of policies, and judge their properties on them.

    PATH is a policy, a folder that is searched for *.eap files, or - for stdin. The family that a policy names is
    looked for beside the policy, then in families/ and ../families. One that names none is tested with the only
    family there that has its variants. A failure shows the step, what was expected, what came, and why.

    \b
    Examples:
      edgeadapt test phone.eap
      edgeadapt test policies/ --family families/digits.yaml --coverage --fail-under 80
      edgeadapt test phone.eap --junit report.xml

    Exit codes: 0 all tests pass; 1 a test fails, a property is broken, a policy is wrong, or too little is covered;
    2 something could not be read or written.
    """
    run = _Run(fail_under=fail_under, with_coverage=with_coverage or fail_under is not None, as_data=as_data)
    given = run.load(family_path) if family_path is not None else None
    if family_path is None or given is not None:
        for path in policy_paths(paths):
            if isinstance(path, Misuse):
                run.refuse(path)
            else:
                run.test(path, given)
    if junit is not None:
        run.write_junit(junit)
    return run.finish()


@attrs.define
class _Run:
    """One run over all files: what came of each, and what could not be read."""

    fail_under: float | None
    with_coverage: bool
    as_data: bool
    entries: list[Entry] = attrs.field(factory=list)
    refused: list[str] = attrs.field(factory=list)
    under: int = 0
    _families: FamiliesRead = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._families = FamiliesRead(self.refuse)

    def test(self, path: str, given: ModelFamily | None) -> None:
        """Test one policy."""
        # Imported here: neither `--help` nor a path that can't be read needs the language.
        from edgeadapt.cli.output.diagnostics import show_diagnostics
        from edgeadapt.cli.output.junit import Entry
        from edgeadapt.language.checker import check
        from edgeadapt.language.parser import parse
        from edgeadapt.replay import run_suite

        start = time.perf_counter()
        try:
            parsed = parse(read_text(path))
        except PolicyFileError as error:
            self.refuse(error)
            return
        name = parsed.family
        found = find_family(path, name) if given is None and name is not None else None
        family = given if found is None else self.load(found)
        checked = check(parsed, family)
        if name is None and family is None and checked.program is not None and checked.tests:
            family = self._nearest(parsed, path)
            if family is None:
                return
            checked = check(parsed, family)
        if checked.program is None:
            problems = tuple(problem for problem in checked.diagnostics if problem.is_error)
            self.entries.append(Entry(parsed.source.name, None, problems, time.perf_counter() - start))
            if not self.as_data:
                show_diagnostics(problems)
        elif family is not None or not checked.tests:
            suite = run_suite(parsed, checked, checked.program, family)
            self.entries.append(Entry(parsed.source.name, suite, (), time.perf_counter() - start))
            self._tell(suite)
        elif found is None:
            problem, remedy = family_not_found(path, name or "")
            self.refuse(Misuse(f"{parsed.source.name}: {problem}", remedy))

    def _nearest(self, parsed: Parsed, path: str) -> ModelFamily | None:
        """Return the family for a policy that names none; None, and told to the user, where that is no clear case."""
        from edgeadapt.replay.fitting import fitting

        fits = fitting(parsed, policy_folder(path))
        name = parsed.source.name
        if len(fits) == 1:
            found, family = fits.popitem()
            tell("note", f"{name} names no family; tested with {printable(found)}, which has its variants")
            return family
        would_do = f" ({' or '.join(map(printable, fits))} would do)" if fits else ""
        why = "" if fits else ", and none beside it or in families/ or ../families has its variants"
        remedy = f"add --family FILE{would_do}, or write `family NAME` in the policy"
        self.refuse(Misuse(f"{name}: no family is given{why}", remedy))
        return None

    def _tell(self, suite: Suite) -> None:
        from edgeadapt.cli.output.trial_report import percentage, show_coverage, show_suite

        coverage = suite.coverage
        if not self.as_data:
            show_suite(suite)
            if self.with_coverage:
                show_coverage(suite.source.name, coverage)
        if self.fail_under is not None and coverage.percent < self.fail_under:
            self.under += 1
            reached = f"{suite.source.name}: the tests reach {percentage(coverage.percent)} of it"
            tell("error", f"{reached}, less than {self.fail_under:g} %")

    def load(self, path: str) -> ModelFamily | None:
        """Read a family; None, and told to the user once, where it is wrong."""
        return self._families.load(path)

    def refuse(self, error: Exception) -> None:
        """Tell of an input that can't be read, and go on."""
        report(error)
        self.refused.append(str(error))

    def write_junit(self, path: str) -> None:
        """Write the report for build servers."""
        from edgeadapt.cli.output.junit import junit_xml

        try:
            with open(path, "wb") as file:
                file.write(junit_xml(self.entries))
        except (OSError, ValueError) as error:
            reason = (getattr(error, "strerror", None) or str(error)).lower()
            self.refuse(Misuse(f"cannot write {shown(path)}: {reason}"))

    def finish(self) -> int:
        """Tell what came of all; return the exit code."""
        suites = [entry.suite for entry in self.entries if entry.suite is not None]
        problems = [problem for entry in self.entries for problem in entry.problems]
        if self.as_data:
            self._print_data(suites)
        elif self.entries:
            self._print_summary(suites)
        if self.refused:
            return MISUSE
        is_bad = problems or self.under or any(suite.failed or suite.broken for suite in suites)
        return PROBLEMS if is_bad else GOOD

    def _print_data(self, suites: list[Suite]) -> None:
        from edgeadapt.cli.output.trial_json import suite_data
        from edgeadapt.diagnostics.render_json import diagnostic_data

        document = {
            "files": len(self.entries),
            "unreadable": self.refused,
            "diagnostics": [diagnostic_data(problem) for entry in self.entries for problem in entry.problems],
            "policies": [suite_data(suite, coverage=self.with_coverage) for suite in suites],
        }
        say(json.dumps(document, indent=2))

    def _print_summary(self, suites: list[Suite]) -> None:
        from edgeadapt.cli.output.diagnostics import summary
        from edgeadapt.cli.output.trial_report import outcome_line

        problems = [problem for entry in self.entries for problem in entry.problems]
        told = [summary(problems, len(self.entries))] if problems else []
        if len(suites) > 1:
            told.append(f"{outcome_line(suites)} in {len(suites)} files")
        if self.refused:
            told.append(f"{len(self.refused)} could not be read, tested or written")
        if told:
            # A diagnostic has an empty line after it, a suite has none.
            say(("\n" if self.entries[-1].suite is not None else "") + "; ".join(told))
