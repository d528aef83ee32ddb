"""The rendering that GitHub's workflows turn into an annotation beside the line: one workflow command a diagnostic."""

from __future__ import annotations

import os

from edgeadapt.diagnostics.diagnostic import Diagnostic, Severity
from edgeadapt.diagnostics.plain_lines import plain_lines
from edgeadapt.diagnostics.printable import printable

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render_github(diagnostic: Diagnostic) -> str:
    """Render one diagnostic as a workflow command; paths have slashes, and are relative to the repository if given so."""
    source = diagnostic.source
    line, col = source.line_col(diagnostic.span.start)
    end_line, end_col = source.line_col(max(diagnostic.span.start, diagnostic.span.end))
    place = {"file": printable(os.path.normpath(source.name).replace(os.sep, "/")), "line": str(line)}
    # GitHub refuses columns for a place of several lines.
    if line == end_line:
        place["col"] = str(col)
    place["endLine"] = str(end_line)
    if line == end_line:
        place["endColumn"] = str(end_col)
    place["title"] = diagnostic.code
    properties = ",".join(f"{name}={_property(value)}" for name, value in place.items())
    return f"::{_COMMANDS[diagnostic.severity]} {properties}::{_data(plain_lines(diagnostic))}"


def _data(text: str) -> str:
    # The percent sign first: it is what the others are written with.
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
