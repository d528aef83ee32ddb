"""Diagnostics as a user reads them, their summary, and their JSON."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import click

from edgeadapt.cli.output.terminal import say, wants_colour
from edgeadapt.diagnostics import Diagnostic, Severity, Span, render_full

_COLOUR = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def show_diagnostics(diagnostics: Iterable[Diagnostic], *, err: bool = False) -> None:
    """Print each diagnostic in full, an empty line after each."""
    coloured = wants_colour(sys.stderr if err else sys.stdout)
    for diagnostic in diagnostics:
        text = render_full(diagnostic)
        if coloured:
            headline, line_end, rest = text.partition("\n")
            kind, colon, message = headline.partition(":")
            kind = click.style(kind, fg=_COLOUR[diagnostic.severity], bold=True)
            text = kind + click.style(colon + message, bold=True) + line_end + rest
        say(text + "\n", err=err)


def summary(diagnostics: Sequence[Diagnostic], files: int) -> str:
    """Count problems by severity: `2 errors in 1 file`, or `no problems in 3 files`."""
    if not diagnostics:
        return f"no problems in {_counted(files, 'file')}"
    counts = Counter(diagnostic.severity for diagnostic in diagnostics)
    kinds = [_counted(counts[severity], severity.value) for severity in Severity if counts[severity]]
    listed = " and ".join([", ".join(kinds[:-1]), kinds[-1]] if len(kinds) > 1 else kinds)
    bad = len({diagnostic.source.name for diagnostic in diagnostics})
    return f"{listed} in {_counted(bad, 'file')}" + (f" of {files}" if files > bad else "")


def as_json(diagnostic: Diagnostic) -> dict[str, Any]:
    """Return a diagnostic as JSON data; lines and columns count characters from 1, and the end is exclusive."""
    fix = diagnostic.fix
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "file": diagnostic.source.name,
        **_place(diagnostic, diagnostic.span),
        "label": diagnostic.label,
        "help": diagnostic.help,
        "related": [{**_place(diagnostic, it.span), "label": it.label} for it in diagnostic.related],
        "fix": None
        if fix is None
        else {
            "title": fix.title,
            "safe": fix.safe,
            "edits": [{**_place(diagnostic, edit.span), "text": edit.text} for edit in fix.edits],
        },
    }


def _place(diagnostic: Diagnostic, span: Span) -> dict[str, int]:
    line, column = diagnostic.source.line_col(span.start)
    end_line, end_column = diagnostic.source.line_col(span.end)
    return {"line": line, "column": column, "end_line": end_line, "end_column": end_column}


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")
