"""Collects diagnostics while a stage goes on."""

from __future__ import annotations

from edgeadapt.diagnostics import Diagnostic, Fix, Related, Severity, Source, Span
from edgeadapt.language.messages import MESSAGES


class Reporter:
    """A growing list of the problems of one source."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []

    def error(
        self,
        code: str,
        span: Span,
        *,
        related: tuple[Related, ...] = (),
        fix: Fix | None = None,
        **names: str,
    ) -> None:
        """Report an error; `names` fill the code's message."""
        message = MESSAGES[code]
        headline, label, help_ = (
            text.format(**names) for text in (message.headline, message.label, message.help)
        )
        self.diagnostics.append(
            Diagnostic(code, Severity.ERROR, headline, self.source, span, label, help_, related, fix)
        )

    def text(self, span: Span) -> str:
        """Return the author's text at a span, shortened to one line."""
        text = " ".join(self.source.text[span.start : span.end].split())
        return text if len(text) <= 40 else text[:37] + "…"
