"""Collects diagnostics while a stage goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from edgeadapt.diagnostics import Diagnostic, Fix, Related, Severity, Source, Span
from edgeadapt.language.messages import MESSAGES

_LONGEST = 40
_MOST_PROPOSALS = 100


class Reporter:
    """A growing list of the problems of one source."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []

    @property
    def may_propose(self) -> bool:
        """Whether a search for the name that was meant still pays: nobody reads the hundredth problem first."""
        return len(self.diagnostics) < _MOST_PROPOSALS

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
        self.report(code, span, names, related=related, fix=fix)

    def report(
        self,
        code: str,
        span: Span,
        names: Mapping[str, str],
        *,
        related: tuple[Related, ...] = (),
        fix: Fix | None = None,
    ) -> None:
        """Report an error whose names are at hand as a mapping."""
        message = MESSAGES[code]
        headline, label, help_ = (
            text.format(**names) for text in (message.headline, message.label, message.help)
        )
        self.diagnostics.append(
            Diagnostic(code, Severity.ERROR, headline, self.source, span, label, help_, related, fix)
        )

    def text(self, span: Span) -> str:
        """Return the author's text at a span, shortened to one line."""
        return shorten(" ".join(self.source.text[span.start : min(span.end, span.start + 200)].split()))


def shorten(text: str) -> str:
    """Cut a quoted text to a length that leaves the message readable."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def by_place(diagnostics: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sort diagnostics the way a reader meets them."""
    return tuple(sorted(diagnostics, key=lambda it: (it.span.start, it.span.end, it.code)))


def without_quotes_told_twice(
    parsed: Sequence[Diagnostic], checked: Sequence[Diagnostic]
) -> list[Diagnostic]:
    """Join what two stages found; where the second knows what a quoted word should be, the first only saw its quotes."""
    known = {it.span for it in checked}
    return [*(it for it in parsed if it.code != "EAP006" or it.span not in known), *checked]
