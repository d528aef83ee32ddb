"""The comments that silence a lint: `# eap: ignore[EAP401] reason`, on the line or alone on the lines above it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs

from edgeadapt.diagnostics import Source, Span

_MARK = re.compile(r"#\s*eap:\s*ignore\b(?:\s*\[([^\]]*)\])?(.*)\Z")


@attrs.frozen
class Ignore:
    """One such comment: the codes it names, its reason, where it stands, and the line it speaks of."""

    codes: tuple[str, ...]
    reason: str
    span: Span
    line: int


def find_ignores(source: Source) -> tuple[Ignore, ...]:
    """Return the ignore comments of a policy, in the order of the text."""
    if "eap:" not in source.text:
        return ()
    found = []
    for number, offset, before, comment in _comments(source.text):
        match = _MARK.match(comment)
        if match is None:
            continue
        codes = tuple(code.strip() for code in (match.group(1) or "").split(",") if code.strip())
        line = number if before.strip() else _next_code_line(source, number)
        span = Span(offset, offset + len(comment))
        found.append(Ignore(codes, match.group(2).strip(" :-\t"), span, line))
    return tuple(found)


def _comments(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Yield each comment's line, its offset, what stands before it on the line, and its own text."""
    start = 0
    for number, line in enumerate(text.split("\n"), 1):
        quoted = False
        for column, char in enumerate(line if "#" in line else ""):
            if char == '"':
                quoted = not quoted
            elif char == "#" and not quoted:
                yield number, start + column, line[:column], line[column:].rstrip()
                break
        start += len(line) + 1


def _next_code_line(source: Source, number: int) -> int:
    for line in range(number + 1, source.line_count + 1):
        text = source.line_text(line).strip()
        if text and not text.startswith("#"):
            return line
    return number
