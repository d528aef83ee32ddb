"""The steps of a test as a table: when, what is set, what is expected."""

from __future__ import annotations

from collections.abc import Sequence

from edgeadapt.language import tree as t
from edgeadapt.language.formatter import units
from edgeadapt.language.formatter.columns import shared_column
from edgeadapt.language.formatter.comments import Comment
from edgeadapt.language.formatter.doc import WIDTH, Doc, Row, attach, flat, has_comments, render
from edgeadapt.values import frozen


@frozen
class _Cells:
    """A step of one line in its columns."""

    time: str
    assigns: str
    expect: str

    def line(self, time_width: int, assigns_width: int) -> str:
        if not (self.assigns or assigns_width):
            return f"{self.time.ljust(time_width)} {self.expect}".rstrip()
        start = f"{self.time.ljust(time_width)} {self.assigns}"
        return (
            f"{start.ljust(time_width + 1 + assigns_width)}  {self.expect}" if self.expect else start
        ).rstrip()


def step_rows(
    steps: Sequence[t.Step], insides: Sequence[Sequence[Comment]], indent: int
) -> list[tuple[list[Row], list[Comment]]]:
    """Return each step's lines, and the comments in it that are left for its end."""
    docs = [units.step(step) for step in steps]
    left = [attach(doc, inside) for doc, inside in zip(docs, insides, strict=True)]
    cells = [_cells(step, doc, indent) for step, doc in zip(steps, docs, strict=True)]
    time_width = max((len(it.time) for it in cells if it is not None), default=0)
    start = indent + time_width + 1
    column = shared_column(
        (start + len(it.assigns), len(it.expect)) for it in cells if it is not None and it.expect
    )
    out = []
    for doc, rest, it in zip(docs, left, cells, strict=True):
        line = None if it is None else _line(it, time_width, column - start, indent)
        out.append((render(doc, indent) if line is None else [Row(indent, line)], rest))
    return out


def _cells(step: t.Step, doc: Doc, indent: int) -> _Cells | None:
    """Return a step's cells; None where it needs several lines."""
    if has_comments(doc) or indent + len(flat(doc)) > WIDTH:
        return None
    assigns = ", ".join(flat(it) for it in units.step_assigns(step))
    return _Cells(flat(units.step_time(step)), assigns, flat(units.step_expect(step)))


def _line(cells: _Cells, time_width: int, assigns_width: int, indent: int) -> str | None:
    """Return a step's line, in as many of the columns as there is room for."""
    for widths in ((time_width, assigns_width), (time_width, 0), (0, 0)):
        line = cells.line(*widths)
        if indent + len(line) <= WIDTH:
            return line
    return None
