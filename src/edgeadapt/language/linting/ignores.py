"""The comments that silence a lint: `# eap: ignore[EAP401] reason`, on the line or alone on the lines above it.

One at the first or last line of a rule, a clause or another part speaks of that whole part: so it goes on silencing
the same when the formatter spreads the part over lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgeadapt.diagnostics import Source, Span
from edgeadapt.language import tree as t
from edgeadapt.values import frozen

_MARK = re.compile(r"#\s*eap:\s*ignore\b(?:\s*\[([^\]]*)\])?(.*)\Z")


@frozen
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


def reach(ignore: Ignore, source: Source, tree: t.PolicyTree) -> range:
    """Return the lines that an ignore comment speaks of: its own, and each part's that begins or ends there."""
    first = last = ignore.line
    for span in _parts(tree):
        start, end = source.line_col(span.start)[0], source.line_col(max(span.start, span.end - 1))[0]
        if ignore.line in (start, end):
            first, last = min(first, start), max(last, end)
    return range(first, last + 1)


def _parts(tree: t.PolicyTree) -> Iterator[Span]:
    """Yield the spans of what the formatter may spread over lines and an author sees as one thing."""
    for section in tree.sections:
        yield section.span
        match section:
            case t.RuleDecl(clauses=clauses):
                yield from (clause.span for clause in clauses)
                yield from (choice.span for clause in clauses for choice in clause.choices)
            case t.OtherwiseDecl(choices=choices):
                yield from (choice.span for choice in choices)
            case t.GuardDecl(cooldowns=cooldowns, limits=limits):
                yield from (cooldown.span for cooldown in cooldowns)
                yield from (limit.span for limit in limits)
            case t.PropertyDecl(body=body):
                yield body.span
            case t.TestDecl(steps=steps):
                yield from (step.span for step in steps)


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
