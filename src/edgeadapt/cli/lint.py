"""`edgeadapt lint`: every problem of every policy given; one file's trouble never hides another's."""

from __future__ import annotations

import json

import attrs
import click

from edgeadapt.cli.arguments.family import family_option, find_family, load_family
from edgeadapt.cli.arguments.policy_text import policy_paths, read_text
from edgeadapt.cli.failure import GOOD, MISUSE, PROBLEMS, Misuse, report
from edgeadapt.cli.output.diagnostics import as_json, show_diagnostics, summary
from edgeadapt.cli.output.terminal import say, tell
from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.errors import FamilyYamlError, PolicyFileError
from edgeadapt.registry.family import ModelFamily
from edgeadapt.wording import shown


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@family_option("Check the policies against this family instead of the one that each names.")
@click.option("--json", "as_data", is_flag=True, help="Print one JSON document for machines.")
def lint(paths: tuple[str, ...], family_path: str | None, as_data: bool) -> int:
    r"""Check policies, and show every problem with its place, reason and remedy.

    PATH is a policy, a folder that is searched for *.eap files, or - for stdin. A policy that names its family is
    checked against it: the family's NAME.yaml is looked for beside the policy, then in ../families.

    \b
    Examples:
      edgeadapt lint phone.eap
      edgeadapt lint policies/ --family families/digits.yaml
      cat phone.eap | edgeadapt lint -

    Exit codes: 0 no problems, or notes only; 1 errors or warnings; 2 something could not be read.
    """
    run = _Lint()
    given = run.load(family_path) if family_path is not None else None
    for path in policy_paths(paths):
        if isinstance(path, Misuse):
            run.unreadable(path)
        else:
            problems = run.check(path, given, may_search=family_path is None)
            if not as_data:
                show_diagnostics(problems)
    if as_data:
        found = [as_json(diagnostic) for diagnostic in run.diagnostics]
        say(json.dumps({"files": run.files, "unreadable": run.refused, "diagnostics": found}, indent=2))
    elif run.files:
        unread = f"; {len(run.refused)} could not be read" if run.refused else ""
        say(summary(run.diagnostics, run.files) + unread)
    if run.refused:
        return MISUSE
    is_bad = any(problem.severity is not Severity.NOTE for problem in run.diagnostics)
    return PROBLEMS if is_bad else GOOD


@attrs.define
class _Lint:
    """One run: what was checked, what was found, and what could not be read."""

    files: int = 0
    diagnostics: list[Diagnostic] = attrs.field(factory=list)
    refused: list[str] = attrs.field(factory=list)
    _families: dict[str, ModelFamily | None] = attrs.field(factory=dict)

    def check(self, path: str, given: ModelFamily | None, *, may_search: bool) -> tuple[Diagnostic, ...]:
        """Check one policy and keep what is found."""
        # The parser's dependency takes a while to load, and is not needed to refuse a path.
        from edgeadapt.cli.arguments.policy import declared_family
        from edgeadapt.language.compiler import lint as problems_of
        from edgeadapt.language.parser import parse

        try:
            source = read_text(path)
        except PolicyFileError as error:
            self.unreadable(error)
            return ()
        parsed = parse(source)
        family = given
        name = declared_family(parsed) if may_search else None
        if name is not None:
            found = find_family(path, name)
            if found is None:
                where = "is neither beside it nor in ../families, so its variants are unchecked"
                tell("note", f"{source.name}: family {shown(name)} {where}; give --family FILE")
            else:
                family = self.load(found)
        problems = problems_of(parsed, family)
        self.files += 1
        self.diagnostics.extend(problems)
        return problems

    def load(self, path: str) -> ModelFamily | None:
        """Read a family once; None, and told to the user, where it is wrong."""
        if path not in self._families:
            try:
                self._families[path] = load_family(path)
            except FamilyYamlError as error:
                self._families[path] = None
                self.unreadable(error)
        return self._families[path]

    def unreadable(self, error: Exception) -> None:
        """Tell of an input that can't be read, and go on."""
        report(error)
        self.refused.append(str(error))
