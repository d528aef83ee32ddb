"""Several diagnostics as one text, capped: nobody reads the hundredth before the first is mended."""

from __future__ import annotations

from collections.abc import Sequence

from edgeadapt.diagnostics.diagnostic import Diagnostic
from edgeadapt.diagnostics.render_full import render_full

MOST_SHOWN = 50


def render_report(diagnostics: Sequence[Diagnostic], *, most: int = MOST_SHOWN) -> str:
    """Render the first diagnostics in full, an empty line between, then how many more there are."""
    parts = [render_full(diagnostic) for diagnostic in diagnostics[:most]]
    left = left_out(len(diagnostics), most=most)
    return "\n\n".join([*parts, left] if left else parts)


def left_out(count: int, *, most: int = MOST_SHOWN) -> str:
    """Say how many of `count` diagnostics are not shown; empty where all are."""
    more = count - most
    return f"and {more} more {'problem' if more == 1 else 'problems'}" if more > 0 else ""
