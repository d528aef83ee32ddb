"""The exception that the public convenience functions raise for a policy text with errors."""

from __future__ import annotations

from collections.abc import Sequence

from edgeadapt.diagnostics.diagnostic import Diagnostic
from edgeadapt.diagnostics.render_report import render_report


class PolicyError(ValueError):
    """A policy text has errors; `diagnostics` holds all of them, sorted by place."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__(render_report(self.diagnostics))
