"""What stands in quotes where the language has none: a truth, a number, a quantity or a word, and how it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgeadapt.language.grammar import keywords
from edgeadapt.language.wishes import TRUTHS
from edgeadapt.units.slips import spelt_right

_NUMBER = re.compile(r"([0-9]+(?:\.[0-9]+)?)[ \t]*(\S*)")
_NAME = re.compile(r"[a-z_][a-z0-9_]*")


def unquoted(inner: str) -> Iterator[tuple[str, str, str]]:
    """Yield what a quoted text can stand for, likeliest first: its terminal, how it is written, and why."""
    lower = inner.lower()
    if lower in ("true", "false"):
        yield lower.upper(), lower, "a truth has no quotes"
    number = _NUMBER.fullmatch(inner)
    if number is not None and not number.group(2):
        yield "NUMBER", inner, "a number has no quotes"
    elif number is not None and spelt_right(number.group(2)) == number.group(2):
        yield "QUANTITY", inner, "a quantity has no quotes"
    if lower in TRUTHS:
        # A word of the policy's, or a truth: the checker knows.
        yield "NAME", lower, "a value has no quotes"
    elif _NAME.fullmatch(inner) and inner not in keywords():
        yield "NAME", inner, "only names of variants are"
