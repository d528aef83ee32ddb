"""Columns: what stands in the same place in the lines of a group, without pushing a line out of the page for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from edgeadapt.language.formatter.doc import WIDTH, Row

_GAP = 2


def shared_column(cells: Iterable[tuple[int, int]], gap: int = _GAP) -> int:
    """Return how wide the first column is, from (its text's width, the rest's width) of each line.

    The widest lines are left out, one by one, where they would push another one's rest past the page.
    """
    # What fits nowhere is no reason to leave others out.
    fitting = sorted((first, rest if first + gap + rest <= WIDTH else 0) for first, rest in cells)
    while len(fitting) > 1 and max(rest for _, rest in fitting) + gap + fitting[-1][0] > WIDTH:
        fitting.pop()
    return fitting[-1][0] if fitting else 0


def align_comments(rows: Sequence[Row]) -> list[str]:
    """Return the lines with the comments behind neighbouring lines in one column; braces and empty lines part them."""
    lines: list[str] = []
    paragraph: list[Row] = []
    for row in [*rows, Row()]:
        if row.code and not row.code.endswith("{") and row.code != "}":
            paragraph.append(row)
            continue
        lines += _paragraph(paragraph)
        lines += _paragraph([row]) if row.code else [" " * row.indent + row.comment if row.comment else ""]
        paragraph = []
    return lines[:-1]


def _paragraph(rows: Sequence[Row]) -> list[str]:
    column = shared_column((row.width, len(row.comment)) for row in rows if row.comment)
    lines = []
    for row in rows:
        code = " " * row.indent + row.code
        lines.append(f"{code.ljust(column)}{' ' * _GAP}{row.comment}" if row.comment else code)
    return lines
