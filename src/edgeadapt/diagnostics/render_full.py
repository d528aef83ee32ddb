"""The full rendering of a diagnostic: headline, place, excerpts underlined, help; the way a person reads it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from enum import Enum

from edgeadapt.diagnostics.diagnostic import Diagnostic
from edgeadapt.diagnostics.printable import printable
from edgeadapt.diagnostics.source import Source, Span
from edgeadapt.values import frozen

# A longer line is cut to this many characters around what is underlined.
_WINDOW = 120

# Gives a part's text the look of its role on a terminal; it may only add what takes no room.
Paint = Callable[["Role", str], str]


class Role(Enum):
    """What a part of the rendering is: the kind and its underline, the message, the frame, a related underline."""

    KIND = "kind"
    MESSAGE = "message"
    FRAME = "frame"
    RELATED = "related"


def _plain(_role: Role, text: str) -> str:
    return text


@frozen
class _Mark:
    """One underline: its line, where it starts and ends there in characters, its sign and its label."""

    line: int
    start: int
    end: int
    sign: str
    label: str


def render_full(diagnostic: Diagnostic, paint: Paint = _plain) -> str:
    """Render one diagnostic over several lines, without a trailing line end; plain text unless `paint` colours it."""
    source = diagnostic.source
    line, col = source.line_col(diagnostic.span.start)
    marks = [
        mark for related in diagnostic.related for mark in _marks(source, related.span, "-", related.label)
    ]
    marks += _marks(source, diagnostic.span, "^", diagnostic.label)
    marks.sort(key=lambda mark: (mark.line, mark.start, mark.end))
    width = max(len(str(mark.line)) for mark in marks)
    gutter = paint(Role.FRAME, " " * (width + 2) + "|")
    kind = paint(Role.KIND, f"{diagnostic.severity.value}[{diagnostic.code}]")
    out = [
        kind + paint(Role.MESSAGE, f": {printable(diagnostic.message)}"),
        f"{paint(Role.FRAME, ' ' * (width + 1) + '-->')} {printable(source.name)}:{line}:{col}",
        gutter,
    ]
    shown_line, window = 0, (0, 0)
    for mark in marks:
        text = source.line_text(mark.line)
        if mark.line != shown_line or not window[0] <= mark.start < window[1]:
            window = _window(text, mark)
            shown_line = mark.line
            excerpt = _cut(text, window).rstrip()
            number = paint(Role.FRAME, f" {mark.line:>{width}} |")
            out.append(f"{number} {excerpt}" if excerpt else number)
        indent, underline = _underline(text, window, mark)
        role = Role.KIND if mark.sign == "^" else Role.RELATED
        out.append(f"{gutter} {indent}{paint(role, f'{underline} {printable(mark.label)}'.rstrip())}")
    if diagnostic.help:
        out.append(gutter)
        out.append(
            f"{paint(Role.FRAME, ' ' * (width + 2) + '=')} {paint(Role.MESSAGE, 'help:')} {printable(diagnostic.help)}"
        )
    return "\n".join(out)


def _marks(source: Source, span: Span, sign: str, label: str) -> list[_Mark]:
    """Return the underlines of a span: one, or those of its first and its last line, which bears the label."""
    first, col = source.line_col(span.start)
    last, end_col = source.line_col(max(span.start, span.end - 1))
    if first == last:
        return [_Mark(first, col - 1, max(end_col, col), sign, label)]
    text = source.line_text(last)
    indent = len(text) - len(text.lstrip())
    opening = _Mark(first, col - 1, max(len(source.line_text(first)), col), sign, "from here")
    return [
        opening,
        _Mark(last, min(indent, end_col - 1), end_col, sign, f"to here: {label}" if label else "to here"),
    ]


def _window(text: str, mark: _Mark) -> tuple[int, int]:
    """Return which part of a line is shown."""
    if len(text) <= _WINDOW:
        return 0, len(text) + 1
    start = max(0, min(mark.start - _WINDOW // 4, len(text) - _WINDOW))
    return start, start + _WINDOW


def _cut(text: str, window: tuple[int, int]) -> str:
    start, end = window
    return ("…" if start else "") + printable(text[start:end]) + ("…" if end < len(text) else "")


def _underline(text: str, window: tuple[int, int], mark: _Mark) -> tuple[str, str]:
    start, end = window
    before = ("…" if start else "") + printable(text[start : mark.start])
    marked = printable(text[mark.start : max(mark.start, min(mark.end, end, len(text)))])
    return " " * _width(before), mark.sign * max(1, _width(marked))


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
        for char in text
    )
