"""The lines of a formatted text as they come: at most one empty line, and no comment lost or joined to another."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from edgeadapt.language.formatter.comments import Comment
from edgeadapt.language.formatter.doc import Row


class Page:
    """Takes parts in the order in which they are printed."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        # A line has room for one comment; the others stand above what comes next.
        self._carried: list[Comment] = []

    def add(
        self,
        rows: Sequence[Row],
        above: Sequence[Comment] = (),
        after: Sequence[Comment] = (),
        *,
        apart: bool = False,
        after_blank: bool = False,
    ) -> None:
        """Add a part with the comments above it and those for its last line.

        `apart` puts an empty line before all of it, `after_blank` one before the part itself.
        """
        indent = rows[0].indent
        self.comments(above, indent, apart=apart)
        # With comments above it, the part is apart already.
        self._blank(wanted=after_blank or (apart and not self._is_comment_last))
        *others, last = rows
        self.rows += others
        self.rows.append(attrs.evolve(last, comment=after[0].text) if after else last)
        self._carried = list(after[1:])

    def comments(self, comments: Sequence[Comment], indent: int, *, apart: bool = False) -> None:
        """Add comments on lines of their own, after those that found no room before."""
        carried = [attrs.evolve(comment, after_blank=False) for comment in self._carried]
        self._carried = []
        for index, comment in enumerate([*carried, *comments]):
            self._blank(wanted=comment.after_blank or (apart and index == 0))
            self.rows.append(Row(indent, "", comment.text))

    @property
    def _is_comment_last(self) -> bool:
        return bool(self.rows) and not self.rows[-1].code and bool(self.rows[-1].comment)

    def _blank(self, *, wanted: bool) -> None:
        if wanted and self.rows and not self.rows[-1].code.endswith("{") and self.rows[-1] != Row():
            self.rows.append(Row())
