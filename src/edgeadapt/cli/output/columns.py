"""Plain columns in the width there is: the last one wraps below itself."""

from __future__ import annotations

import shutil
import textwrap
import unicodedata
from collections.abc import Sequence

_NARROWEST, _WIDEST = 60, 120
_LEAST_LAST = 20
# A blank at which no line is broken, as between a number and its unit; it is printed as a blank.
UNBROKEN = "\N{NO-BREAK SPACE}"


def width() -> int:
    """Return how wide lines may be: the terminal's width within reason, 80 where there is none."""
    return min(_WIDEST, max(_NARROWEST, shutil.get_terminal_size((80, 24)).columns))


def columns(rows: Sequence[Sequence[str]], heads: Sequence[str] = (), indent: str = "") -> list[str]:
    """Lay out rows of as many cells each, with their heads above where given."""
    table = [list(heads), *map(list, rows)] if heads else [list(row) for row in rows]
    if not table:
        return []
    sizes = [max(shown_width(row[i]) for row in table) for i in range(len(table[0]) - 1)]
    lines: list[str] = []
    for row in table:
        start = indent + "".join(pad(cell, size) + "  " for cell, size in zip(row, sizes, strict=False))
        lines += wrapped(start, row[-1])
    return lines


def wrapped(start: str, text: str) -> list[str]:
    """Put a text after a line's start and wrap it below itself; blanks before the text belong to the start.

    Where the start leaves too little room, a text that has to be wrapped stands whole below the start's indent.
    """
    body = text.lstrip(" ")
    start += " " * (len(text) - len(body))
    room = width() - shown_width(start)
    below = " " * shown_width(start)
    lines = []
    if body and room < min(_LEAST_LAST, shown_width(body)):
        below = " " * (len(start) - len(start.lstrip()) + 4)
        lines, start = [start], below
        room = width() - len(below)
    parts = textwrap.wrap(body, max(1, room), break_long_words=True, break_on_hyphens=False) or [""]
    lines += [start + parts[0], *(below + part for part in parts[1:])]
    return [line.rstrip().replace(UNBROKEN, " ") for line in lines]


def pad(text: str, size: int) -> str:
    """Fill a text with blanks to a width on the screen."""
    return text + " " * (size - shown_width(text))


def shown_width(text: str) -> int:
    """Return how many columns a text takes on the screen."""
    return sum(2 if unicodedata.east_asian_width(char) in ("W", "F") else 1 for char in text)
