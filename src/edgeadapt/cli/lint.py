"""`edgeadapt lint`: every problem of every policy given; one file's trouble never hides another's."""

from __future__ import annotations

import click

from edgeadapt.cli.arguments.codes import Chosen, chosen
from edgeadapt.cli.arguments.family import family_option
from edgeadapt.cli.arguments.options import PATH
from edgeadapt.cli.arguments.policy_text import STDIN, policy_paths
from edgeadapt.cli.collector import collector_paused
from edgeadapt.cli.failure import GOOD, MISUSE, PROBLEMS, Misuse
from edgeadapt.cli.lint_run import LintRun
from edgeadapt.cli.output.lint_output import FORMATS, show_end, show_file
from edgeadapt.diagnostics import CODES, Severity

_LEVELS = [severity.value for severity in Severity]


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=PATH)
@family_option("Check the policies against this family instead of the one that each names.")
@click.option("--fix", "fixes", is_flag=True, help="Apply the fixes that are safe, and write the files.")
@click.option(
    "--select", multiple=True, metavar="CODES", help="Only these lints: codes or prefixes, by comma."
)
@click.option(
    "--ignore", multiple=True, metavar="CODES", help="Not these lints: codes or prefixes, by comma."
)
@click.option(
    "--fail-level",
    type=click.Choice(_LEVELS),
    default="warning",
    show_default=True,
    help="The least severity that makes the exit code 1.",
)
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="How problems are printed.  [default: full]"
)
@click.option("--json", "as_data", is_flag=True, help="The same as --format json.")
@collector_paused()
def lint(
    paths: tuple[str, ...],
    family_path: str | None,
    fixes: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_level: str,
    form: str | None,
    as_data: bool,
) -> int:
    r"""Check policies, and show every problem with its place, reason and remedy.

    PATH is a policy, a folder that is searched for *.eap files, or - for stdin. A policy that names its family is
    checked against it: the family's NAME.yaml is looked for beside the policy, then in families/ and
    ../families.

    Errors are shown whatever is selected or ignored: a policy with one is not linted.

    \b
    Examples:
      edgeadapt lint phone.eap
      edgeadapt lint policies/ --family families/digits.yaml
      edgeadapt lint policies/ --fix --ignore EAP42,EAP430
      edgeadapt lint policies/ --format sarif > edgeadapt.sarif
      cat phone.eap | edgeadapt lint -

    Exit codes: 0 no problems, or none of --fail-level; 1 problems; 2 something could not be read or written.
    """
    if as_data and form not in (None, "json"):
        raise Misuse(f"--json and --format {form} exclude each other", "give one of them")
    if fixes and STDIN in paths:
        raise Misuse("--fix can't mend stdin", "give the file's path")
    form = "json" if as_data else form or "full"
    run = LintRun(form, _chosen(select, ignore), fixes, family_path)
    if family_path is not None:
        run.load(family_path)
    for path in policy_paths(paths):
        if isinstance(path, Misuse):
            run.unreadable(path)
        else:
            show_file(form, run.check(path))
    show_end(form, run.result)
    if run.refused:
        return MISUSE
    failing = _LEVELS[: _LEVELS.index(fail_level) + 1]
    return PROBLEMS if any(problem.severity.value in failing for problem in run.problems) else GOOD


def _chosen(select: tuple[str, ...], ignore: tuple[str, ...]) -> Chosen:
    if not select and not ignore:
        return Chosen()
    # The lints are many small files, which are not needed to refuse a path.
    from edgeadapt.language.linting.registry import lints

    return chosen(select, ignore, (*CODES, *(lint.code for lint in lints())))
