"""Diagnostics as a user reads them, and their summary."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence

import click

from edgeadapt.cli.output.terminal import printable, say, wants_colour
from edgeadapt.diagnostics import Diagnostic, Severity, left_out, render_full
from edgeadapt.diagnostics.render_full import Paint, Role
from edgeadapt.diagnostics.render_report import MOST_SHOWN

_COLOUR = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def show_diagnostics(diagnostics: Sequence[Diagnostic], *, err: bool = False) -> None:
    """Print the first diagnostics in full, an empty line after each, then how many more there are."""
    coloured = wants_colour(sys.stderr if err else sys.stdout)
    for diagnostic in diagnostics[:MOST_SHOWN]:
        text = render_full(diagnostic, _paint(diagnostic.severity)) if coloured else render_full(diagnostic)
        say(text + "\n", err=err)
    if left := left_out(len(diagnostics)):
        say(f"{printable(diagnostics[0].source.name)}: {left}\n", err=err)


def _paint(severity: Severity) -> Paint:
    """Return what colours a diagnostic's parts."""

    def paint(role: Role, text: str) -> str:
        if role is Role.KIND:
            return click.style(text, fg=_COLOUR[severity], bold=True)
        if role is Role.MESSAGE:
            return click.style(text, bold=True)
        return click.style(text, fg="blue", bold=role is Role.FRAME)

    return paint


def summary(diagnostics: Sequence[Diagnostic], files: int) -> str:
    """Count problems by severity: `2 errors in 1 file`, or `no problems in 3 files`."""
    if not diagnostics:
        return f"no problems in {_counted(files, 'file')}"
    counts = Counter(diagnostic.severity for diagnostic in diagnostics)
    kinds = [_counted(counts[severity], severity.value) for severity in Severity if counts[severity]]
    listed = " and ".join([", ".join(kinds[:-1]), kinds[-1]] if len(kinds) > 1 else kinds)
    bad = len({diagnostic.source.name for diagnostic in diagnostics})
    return f"{listed} in {_counted(bad, 'file')}" + (f" of {files}" if files > bad else "")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")
