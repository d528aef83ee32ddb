"""All that a diagnostic says, without its place: for formats whose viewer shows the place itself."""

from __future__ import annotations

from edgeadapt.diagnostics.diagnostic import Diagnostic
from edgeadapt.diagnostics.printable import printable


def plain_lines(diagnostic: Diagnostic) -> str:
    """Return message, label and help, each on its line where there is one."""
    help_ = f"help: {diagnostic.help}" if diagnostic.help else ""
    said = (diagnostic.message, diagnostic.label, help_)
    return "\n".join(printable(text) for text in said if text)
