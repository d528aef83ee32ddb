"""Ranges as other notations have them, `[10%, 20%]`: what the language writes, and how that comes about."""

from __future__ import annotations

import re

from edgeadapt.diagnostics import Edit, Fix, Span
from edgeadapt.language.reporter import shorten
from edgeadapt.values import frozen

# Bounded, so that a hostile text costs no more than a long one.
_BRACKETS = re.compile(r"[\[(]([^][(){}\"'#\r\n]{3,100})[\])]")
_BETWEEN = re.compile(r"[ \t]*(?:,|\.\.)[ \t]*")
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
    inner = Span(*match.span(1))
    signs = [*_BETWEEN.finditer(match.group(1))]
    has_square = match.group()[0] == "[" or match.group()[-1] == "]"
    if len(signs) != 1 or not (has_square or signs[0].group().strip() == ","):
        # In round brackets without a comma, an expression may stand: `x in (a in b .. c) .. d` can be read.
        return None
    between = Span(inner.start + signs[0].start(), inner.start + signs[0].end())
    low, high = text[inner.start : between.start].lstrip(), text[between.end : inner.end].rstrip()
    if not low or not high or not any(map(_LITERAL.match, (low, high))):
        return None
    opening, closing = Span(start, between.start - len(low)), Span(between.end + len(high), match.end())
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
