"""What `lint` prints, by format: the formats for people as files are checked, the documents at the end."""

from __future__ import annotations

from collections.abc import Sequence

from edgeadapt.cli.output.diagnostics import show_diagnostics, summary
from edgeadapt.cli.output.terminal import printable, say
from edgeadapt.diagnostics import Diagnostic, left_out, render_concise, render_github, safe_fix
from edgeadapt.diagnostics.render_report import MOST_SHOWN
from edgeadapt.values import frozen

FORMATS = ("full", "concise", "json", "sarif", "github")
_DOCUMENTS = ("json", "sarif")


@frozen
class LintResult:
    """What a run came to: files that were read, problems, inputs that could not be read, and applied fixes."""

    files: int
    problems: Sequence[Diagnostic]
    refused: Sequence[str]
    fixed: int


def show_file(form: str, problems: Sequence[Diagnostic]) -> None:
    """Print one file's problems, unless the format is a document of the whole run.

    The cap is by file: a broken file must not hide another's problems.
    """
    if form == "full":
        show_diagnostics(problems)
    elif form == "concise":
        for problem in problems[:MOST_SHOWN]:
            say(render_concise(problem))
        if left := left_out(len(problems)):
            say(f"{printable(problems[0].source.name)}: {left}")
    elif form == "github":
        for problem in problems:
            say(render_github(problem))


def show_fixed(form: str, name: str, applied: int) -> None:
    """Tell that a file was mended; a format for machines keeps stdout for itself."""
    say(f"fixed {_counted(applied)} in {printable(name)}", err=form not in ("full", "concise"))


def show_end(form: str, result: LintResult) -> None:
    """Print the document, or the summary."""
    if form in _DOCUMENTS:
        say(_document(form, result))
    elif result.files:
        told = [summary(result.problems, result.files)]
        fixable = sum(safe_fix(problem) is not None for problem in result.problems)
        if result.fixed:
            told.append(f"{_counted(result.fixed)} fixed")
        elif fixable:
            told.append(f"--fix mends {fixable}")
        if result.refused:
            told.append(f"{len(result.refused)} could not be read")
        say("; ".join(told), err=form == "github")


def _document(form: str, result: LintResult) -> str:
    if form == "json":
        from edgeadapt.diagnostics.render_json import render_json

        return render_json(result.problems, files=result.files, unreadable=result.refused, fixed=result.fixed)
    from edgeadapt import __version__
    from edgeadapt.cli.output.sarif_rules import sarif_rule
    from edgeadapt.diagnostics.render_sarif import render_sarif

    return render_sarif(result.problems, sarif_rule, version=__version__, unreadable=result.refused)


def _counted(count: int) -> str:
    return f"{count} {'problem' if count == 1 else 'problems'}"
