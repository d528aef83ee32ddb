"""Where an author's comments stand: each belongs to what it follows on its line, or to what comes below it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

import attrs

from edgeadapt.diagnostics import Span
from edgeadapt.values import frozen

_BLANK = " \t\r\n\f"
# In a text without syntax errors a quote outside a comment opens a string that ends on its line.
_MARKED = re.compile(r'"[^"\r\n]*"|(?P<comment>#[^\n]*)|(?P<open>\{)|(?P<close>\})')
_BEFORE_CODE = re.compile(r"(?:[ \t\r\n\f]|#[^\n]*)*")


@frozen
class Comment:
    """A comment: its text, where it is, whether its line holds nothing else, whether an empty line is above it."""

    text: str
    start: int
    own_line: bool
    after_blank: bool


@attrs.define
class Share:
    """The comments of one part of a block: above it, in it, after it on its line; `after_blank` is about the part."""

    above: list[Comment] = attrs.field(factory=list)
    inside: list[Comment] = attrs.field(factory=list)
    after: list[Comment] = attrs.field(factory=list)
    after_blank: bool = False


class Comments:
    """The comments of a text without syntax errors, and what else of its layout an author may choose.

    The empty text stands for a tree that no author wrote, whose spans mean nothing.
    """

    def __init__(self, text: str) -> None:
        # A blank in the place of a byte order mark keeps every offset right.
        self._text = " " + text[1:] if text.startswith("\ufeff") else text
        self.all = tuple(
            Comment(match["comment"].rstrip(), match.start(), *self._place(match.start()))
            for match in _MARKED.finditer(self._text)
            if match["comment"]
        )
        self._starts = [comment.start for comment in self.all]

    def between(self, start: int, end: int) -> list[Comment]:
        """Return the comments that start in a range of offsets."""
        return list(self.all[bisect_left(self._starts, start) : bisect_left(self._starts, end)])

    def next_code(self, start: int) -> int:
        """Return where the next token is."""
        found = _BEFORE_CODE.match(self._text, start)
        return found.end() if found else start

    def brace(self, span: Span) -> int:
        """Return where a section's block opens."""
        found = (
            match.start() for match in _MARKED.finditer(self._text, span.start, span.end) if match["open"]
        )
        return next(found, span.start)

    def end(self) -> int:
        """Return where the text's last `}` ends."""
        return max((match.end() for match in _MARKED.finditer(self._text) if match["close"]), default=0)

    def is_one_line(self, span: Span) -> bool:
        """Whether the author wrote it on one line."""
        return bool(self.all) and "\n" not in self._text[span.start : span.end]

    def share(
        self, start: int, end: int, spans: Sequence[Span]
    ) -> tuple[list[Comment], list[Share], list[Comment]]:
        """Share out the comments of a block from after its `{` to its `}` among its parts, given by their spans.

        Returns those on the line of the `{`, each part's own, and those that are below the last part.
        """
        if not self._text:
            return [], [Share() for _ in spans], []
        opening: list[Comment] = []
        shares: list[Share] = []
        last = start
        for span in spans:
            tail, above = _split(self.between(last, span.start))
            (shares[-1].after if shares else opening).extend(tail)
            inside = self.between(span.start, span.end)
            shares.append(Share(above, inside, [], self._place(span.start)[1]))
            last = span.end
        tail, below = _split(self.between(last, end))
        (shares[-1].after if shares else opening).extend(tail)
        return opening, shares, below

    def _place(self, start: int) -> tuple[bool, bool]:
        """Whether only blanks precede an offset on its line, and whether an empty line does."""
        at = start
        while at and self._text[at - 1] in _BLANK:
            at -= 1
        line_ends = self._text.count("\n", at, start)
        return at == 0 or line_ends > 0, line_ends > 1


def _split(gap: list[Comment]) -> tuple[list[Comment], list[Comment]]:
    """Divide the comments between two parts: on the first one's line, and above the second one."""
    ends_line = bool(gap) and not gap[0].own_line
    return gap[:ends_line], gap[ends_line:]
