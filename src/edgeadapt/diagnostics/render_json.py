"""Diagnostics as JSON: one document with stable keys. Keys may be added, none changes or goes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from edgeadapt.diagnostics.diagnostic import Diagnostic
from edgeadapt.diagnostics.source import Span


def render_json(
    diagnostics: Sequence[Diagnostic], *, files: int, unreadable: Sequence[str] = (), fixed: int = 0
) -> str:
    """Render what a run found: how many files were read, what could not be, how many fixes were applied, all problems."""
    document = {
        "files": files,
        "unreadable": list(unreadable),
        "fixed": fixed,
        "diagnostics": [diagnostic_data(diagnostic) for diagnostic in diagnostics],
    }
    return json.dumps(document, indent=2)


def diagnostic_data(diagnostic: Diagnostic) -> dict[str, Any]:
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
