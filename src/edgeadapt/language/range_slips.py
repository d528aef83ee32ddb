"""Ranges as other notations have them, `[10%, 20%]`: what the language writes, and how that comes about."""

from __future__ import annotations

import re

from edgeadapt.diagnostics import Edit, Fix, Span
from edgeadapt.language.reporter import shorten
from edgeadapt.values import frozen

_END = r"[^][(){}\"'#,\r\n]*?"
_BRACKETS = re.compile(rf"([\[(]\s*)({_END})(\s*(?:,|\.\.)\s*)({_END})(\s*[\])])")
_LITERAL = re.compile(r"[-.]?[0-9]")


@frozen
class RangeSlip:
    """A range in brackets: its span, the message's names, the fix, and what the parser reads instead of each sign."""

    span: Span
    names: dict[str, str]
    fix: Fix
    instead: dict[Span, str]


def bracketed_range(text: str, start: int) -> RangeSlip | None:
    """Return the range in brackets that starts there; None where it is none, or may be a list of words."""
    match = _BRACKETS.match(text, start)
    if match is None:
        return None
    low, high = match.group(2), match.group(4)
    if not low or not high or not any(map(_LITERAL.match, (low, high))):
        return None
    opening, between, closing = (Span(*match.span(group)) for group in (1, 3, 5))
    before, after = text[start - 1 : start], text[match.end() : match.end() + 1]
    edits = (
        Edit(opening, "" if before.isspace() else " "),
        Edit(between, " .. "),
        Edit(closing, " " if after.isalnum() else ""),
    )
    right = shorten(f"{low} .. {high}")
    names = {
        "shown": shorten(match.group()),
        "label": "a range has no brackets, and both its ends belong to it",
        "help": f"write `{right}`",
    }
    # Round brackets leave an end out, for a mathematician: only the author knows whether that matters.
    is_closed = match.group()[0] == "[" and match.group()[-1] == "]"
    fix = Fix(f"write `{right}`", edits, safe=is_closed)
    return RangeSlip(Span(*match.span()), names, fix, {opening: " ", between: " .. ", closing: " "})
