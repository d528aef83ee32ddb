"""The concise rendering of a diagnostic: one line that editors and grep understand."""

from __future__ import annotations

from edgeadapt.diagnostics.diagnostic import Diagnostic
from edgeadapt.diagnostics.printable import printable


def render_concise(diagnostic: Diagnostic) -> str:
    """Render one diagnostic as `path:line:col: severity[CODE] message`; the column counts characters from 1."""
    line, col = diagnostic.source.line_col(diagnostic.span.start)
    kind = f"{diagnostic.severity.value}[{diagnostic.code}]"
    return f"{printable(diagnostic.source.name)}:{line}:{col}: {kind} {printable(diagnostic.message)}"
