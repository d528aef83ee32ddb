"""The full rendering of a diagnostic: headline, place, excerpt underlined, help; the way a person reads it."""

from __future__ import annotations

import unicodedata

from edgeadapt.diagnostics.diagnostic import Diagnostic
from edgeadapt.diagnostics.source import Source, Span

_MAX_LINE = 160


def render_full(diagnostic: Diagnostic) -> str:
    """Render one diagnostic over several lines of plain text, without a trailing line end."""
    source = diagnostic.source
    line, col = source.line_col(diagnostic.span.start)
    marks = [(related.span, "-", related.label) for related in diagnostic.related]
    marks.append((diagnostic.span, "^", diagnostic.label))
    marks.sort(key=lambda mark: mark[0].start)
    width = max(len(str(source.line_col(span.start)[0])) for span, _, _ in marks)
    gutter = " " * (width + 2) + "|"
    out = [
        f"{diagnostic.severity.value}[{diagnostic.code}]: {diagnostic.message}",
        f"{' ' * (width + 1)}--> {source.name}:{line}:{col}",
        gutter,
    ]
    previous = 0
    for span, mark, label in marks:
        number = source.line_col(span.start)[0]
        text, padding, underline = _excerpt(source, span, mark)
        if number != previous:
            out.append(f" {number:>{width}} | {text}")
        out.append(f"{gutter} {padding}{underline} {label}".rstrip())
        previous = number
    if diagnostic.help:
        out.append(gutter)
        out.append(f"{' ' * (width + 2)}= help: {diagnostic.help}")
    return "\n".join(out)


def _excerpt(source: Source, span: Span, mark: str) -> tuple[str, str, str]:
    """Return the shown line, the padding before the underline, and the underline, all of display width."""
    number, col = source.line_col(span.start)
    raw = source.line_text(number)
    first = max(0, col - 1 - _MAX_LINE // 2) if len(raw) > _MAX_LINE else 0
    raw = raw[first : first + _MAX_LINE]
    start = col - 1 - first
    end = min(len(raw), start + max(1, span.end - span.start))
    shown = "".join(_visible(char) for char in raw)
    padding = " " * _width("".join(_visible(char) for char in raw[:start]))
    marked = _width("".join(_visible(char) for char in raw[start:end]))
    return shown.rstrip(), padding, mark * max(1, marked)


def _visible(char: str) -> str:
    if char == "\t":
        return "    "
    # Control and format characters could rewrite the terminal or hide text: show that something is there.
    return (
        "\N{REPLACEMENT CHARACTER}"
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
        else char
    )


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
        for char in text
    )
