"""A text with places where its line may break, and the choice of those that do.

A group is written on one line where it fits, else it breaks at all of its own places. A comment ends its line, so the
place that holds one breaks, and every group around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from edgeadapt.diagnostics import Span
from edgeadapt.language.formatter.comments import Comment
from edgeadapt.values import frozen

WIDTH = 100


@frozen
class Leaf:
    """A text that stands for a node of the tree; comments are placed between these."""

    text: str
    span: Span


@attrs.define(eq=False)
class Line:
    """A blank, or a line break where its group breaks; `hard` always breaks, `fill` where what follows does not fit."""

    hard: bool = False
    fill: bool = False
    comments: list[Comment] = attrs.field(factory=list)


@frozen
class Nest:
    """Deeper indentation for the lines that begin inside."""

    by: int
    doc: Doc


@attrs.frozen(eq=False)
class Group:
    """What breaks together."""

    doc: Doc


Doc = str | Leaf | Line | Nest | Group | tuple["Doc", ...]


@frozen
class Row:
    """A line of the output: code, a comment, both, or neither for an empty line."""

    indent: int = 0
    code: str = ""
    comment: str = ""

    @property
    def width(self) -> int:
        """How far the code reaches."""
        return self.indent + len(self.code)


def walk(doc: Doc) -> Iterator[Leaf | Line]:
    """Yield the leaves and the places of possible breaks, in the order of the text."""
    stack: list[Doc] = [doc]
    while stack:
        match stack.pop():
            case Leaf() | Line() as node:
                yield node
            case Nest(doc=inner) | Group(doc=inner):
                stack.append(inner)
            case tuple() as parts:
                stack.extend(reversed(parts))
            case _:
                pass


def attach(doc: Doc, comments: Sequence[Comment]) -> list[Comment]:
    """Give each comment to the first place after the leaf that it follows; return those that find none.

    A comment where no line can break waits for the next place, and is then at the end of the line.
    """
    waiting = list(comments)
    deferred: list[Comment] = []
    after_leaf = True
    nodes = list(walk(doc)) if comments else []
    for index, node in enumerate(nodes):
        if isinstance(node, Leaf):
            while waiting and waiting[0].start < node.span.start:
                deferred.append(attrs.evolve(waiting.pop(0), own_line=False))
            after_leaf = True
        elif after_leaf:
            following = next((n.span.start for n in nodes[index:] if isinstance(n, Leaf)), None)
            while following is not None and waiting and waiting[0].start < following:
                deferred.append(waiting.pop(0))
            node.comments, deferred = deferred, []
            after_leaf = False
    return deferred + waiting


def has_comments(doc: Doc) -> bool:
    """Whether some place holds a comment."""
    return any(isinstance(node, Line) and node.comments for node in walk(doc))


def flat(doc: Doc) -> str:
    """Return the text on one line."""
    out: list[str] = []
    stack: list[Doc] = [doc]
    while stack:
        match stack.pop():
            case str() as text:
                out.append(text)
            case Leaf(text=text):
                out.append(text)
            case Line():
                out.append(" ")
            case Nest(doc=inner) | Group(doc=inner):
                stack.append(inner)
            case tuple() as parts:
                stack.extend(reversed(parts))
    return "".join(out)


def render(doc: Doc, indent: int) -> list[Row]:
    """Write a text from a line's indentation on."""
    return _Writer(doc, indent).run()


class _Writer:
    def __init__(self, doc: Doc, indent: int) -> None:
        self._broken: set[int] = set()
        _mark(doc, self._broken)
        self._stack: list[tuple[int, bool, Doc]] = [(indent, True, doc)]
        self._rows: list[Row] = []
        self._indent = indent
        self._code = ""

    def run(self) -> list[Row]:
        while self._stack:
            indent, breaks, doc = self._stack.pop()
            match doc:
                case str() as text:
                    self._code += text
                case Leaf(text=text):
                    self._code += text
                case Nest(by=by, doc=inner):
                    self._stack.append((indent + by, breaks, inner))
                case Group(doc=inner):
                    broken = id(doc) in self._broken or (breaks and not self._fits(inner))
                    self._stack.append((indent, broken, inner))
                case Line():
                    self._line(doc, indent, breaks=breaks)
                case tuple() as parts:
                    self._stack.extend((indent, breaks, part) for part in reversed(parts))
        self._rows.append(Row(self._indent, self._code))
        return self._rows

    def _line(self, line: Line, indent: int, *, breaks: bool) -> None:
        if not breaks or (line.fill and not line.comments and self._fits(" ")):
            self._code += " "
            return
        comments = list(line.comments)
        trailing = comments.pop(0).text if comments and not comments[0].own_line else ""
        self._rows.append(Row(self._indent, self._code.rstrip(), trailing))
        self._rows += [Row(indent, "", comment.text) for comment in comments]
        self._indent, self._code = indent, ""

    def _fits(self, doc: Doc) -> bool:
        """Whether a group fits on the line, with what follows it up to the next break."""
        room = WIDTH - self._indent - len(self._code)
        stack: list[tuple[bool, Doc]] = [(False, doc)]
        rest = len(self._stack)
        while room >= 0:
            if not stack:
                if rest == 0:
                    return True
                rest -= 1
                _, breaks, following = self._stack[rest]
                stack.append((breaks, following))
            breaks, node = stack.pop()
            match node:
                case str() as text:
                    room -= len(text)
                case Leaf(text=text):
                    room -= len(text)
                case Line():
                    if breaks:
                        return True
                    room -= 1
                case Nest(doc=inner):
                    stack.append((breaks, inner))
                case Group(doc=inner):
                    stack.append((breaks and id(node) in self._broken, inner))
                case tuple() as parts:
                    stack.extend((breaks, part) for part in reversed(parts))
        return False


def _mark(doc: Doc, broken: set[int]) -> bool:
    """Find the groups that must break; return whether this text must."""
    match doc:
        case Line():
            return doc.hard or bool(doc.comments)
        case Nest(doc=inner):
            return _mark(inner, broken)
        case Group(doc=inner):
            if _mark(inner, broken):
                broken.add(id(doc))
                return True
            return False
        case tuple() as parts:
            marks = [_mark(part, broken) for part in parts]
            return any(marks)
        case _:
            return False
