"""Text to a typed tree, with every problem of form in one run.

Keywords are reserved everywhere, so the words that start sections are firm places: the file is read section by section,
and a slip that can't be mended costs its own section alone.
"""

from __future__ import annotations

from collections.abc import Collection
from copy import copy
from typing import Any

from lark import Token, Tree
from lark.exceptions import UnexpectedToken

from edgeadapt.diagnostics import Diagnostic, Source, Span
from edgeadapt.language import tree as t
from edgeadapt.language.builder import Builder
from edgeadapt.language.grammar import SECTIONS, grammar, lex
from edgeadapt.language.repairs import Spot, repair
from edgeadapt.language.reporter import Reporter, by_place, shorten
from edgeadapt.language.spelling import MOST_SLIPS, Spelled, spell
from edgeadapt.language.syntax_messages import report_unexpected
from edgeadapt.values import frozen

# Deeper than anyone writes, and shallow enough for every recursive walk of the tree.
_MAX_DEPTH = 100
_MAX_CHARACTERS = 1_000_000
_DECLARING = frozenset(("INPUT", "PARAM", "LET"))


@frozen
class Parsed:
    """What parsing gives: the tree (None where there is none), the problems, and what lost sections would have held.

    `lost_names` may be declared in them; `lost_sections` are the terminals that start them. `doubtful` is where literals
    start whose unit is not known, so that nothing more is said of them.
    """

    source: Source
    tree: t.PolicyTree | None
    diagnostics: tuple[Diagnostic, ...]
    lost_names: frozenset[str] = frozenset()
    lost_sections: frozenset[str] = frozenset()
    doubtful: frozenset[int] = frozenset()

    @property
    def family(self) -> str | None:
        """The name of the family that the text asks to be checked against."""
        sections = self.tree.sections if self.tree is not None else ()
        return next((section.text for section in sections if isinstance(section, t.Ident)), None)


def parse(source: Source) -> Parsed:
    """Parse a policy; never raises for what the text says."""
    reporter = Reporter(source)
    if len(source.text) > _MAX_CHARACTERS:
        reporter.error("EAP009", Span(0, 1))
        return Parsed(source, None, tuple(reporter.diagnostics))
    # A blank in the place of a leading byte order mark keeps every offset right.
    text = " " + source.text[1:] if source.text.startswith("\ufeff") else source.text
    spelled = spell(text, reporter)
    parser = _Parser(spelled, reporter)
    tree = parser.run()
    return Parsed(
        source,
        tree,
        by_place(reporter.diagnostics),
        frozenset(parser.lost_names) | spelled.renamed,
        frozenset(parser.lost_sections),
        spelled.doubtful,
    )


class _Parser:
    def __init__(self, spelled: Spelled, reporter: Reporter) -> None:
        self._spelled = spelled
        self._reporter = reporter
        self._builder = Builder(spelled.start, spelled.end)
        self.lost_names: set[str] = set()
        self.lost_sections: set[str] = set()
        self._has_skipped_to_end = False
        self._tokens = lex(spelled.text)
        end = len(spelled.text)
        self._tokens.append(Token("$END", "", start_pos=end, end_pos=end, line=0, column=0))

    def run(self) -> t.PolicyTree | None:
        """Read the head, then section by section; None where too much is wrong to go on."""
        if len(self._tokens) == 1:
            self._unexpected(0, ("EDITION",))
            return None
        head, index = self._piece("head", 0)
        sections: list[t.Section] = []
        if head is None:
            index = self._skip(0, index)
        while self._is_readable():
            start = self._next_section(index)
            if start is None:
                return self._builder.policy(self._tokens, head, sections)
            node, index = self._piece("section", start)
            if node is None:
                self.lost_sections.add(self._tokens[start].type)
                index = self._skip(start, index)
            else:
                sections.append(self._builder.section(node))
        last = self._reporter.diagnostics[-1].span
        self._reporter.error(
            "EAP020", Span(last.end, last.end + 1), count=str(len(self._reporter.diagnostics))
        )
        return None

    def _is_readable(self) -> bool:
        return self._spelled.complete and len(self._reporter.diagnostics) < MOST_SLIPS

    def _piece(self, start: str, first: int) -> tuple[Tree[Any] | None, int]:
        """Parse the head, or the section that starts at a token; return its node and where to go on."""
        while True:
            node, index = self._attempt(start, first)
            if node is not None:
                return self._bounded(node), index
            parser = self._replay(start, first, index)
            spot = Spot(
                self._tokens, index, lambda *kinds, at=parser: _takes(at, *kinds), self._span, self._reporter
            )
            if self._is_readable() and repair(spot):
                continue
            expected = _accepted(parser)
            if "$END" in expected and self._is_apart(index):
                # The section is whole; what follows it is for the search of the next one to judge.
                return self._bounded(parser.feed_token(self._tokens[-1])), index
            if "$END" in expected:
                expected = (expected - {"$END"}) | SECTIONS | {"RBRACE"}
            self._unexpected(index, expected)
            return None, index

    def _attempt(self, start: str, first: int) -> tuple[Tree[Any] | None, int]:
        """Feed tokens until the piece is whole (node, next token) or one can't stand there (None, that token)."""
        parser = self._replay(start, first, first)
        index = first
        while True:
            token = self._tokens[index]
            is_boundary = token.type == "$END" or (index > first and token.type in SECTIONS)
            if not is_boundary:
                try:
                    parser.feed_token(token)
                except UnexpectedToken:
                    # Only the policy's own `}` may follow a section.
                    is_boundary = token.type == "RBRACE"
                else:
                    index += 1
                    if start == "head" and token.type == "LBRACE":
                        return parser.feed_token(self._tokens[-1]), index
                    continue
            if start == "section" and is_boundary and _takes(parser, "$END"):
                return parser.feed_token(self._tokens[-1]), index
            return None, index

    def _is_apart(self, index: int) -> bool:
        """Return whether a token that can't stand where it does has nothing to do with what stands before it."""
        before = self._tokens[index - 1]
        return before.type == "RBRACE" or before.line != self._tokens[index].line

    def _replay(self, start: str, first: int, end: int) -> Any:
        """Return a parser that has read tokens; a token that failed may have left another one half changed."""
        parser = grammar().parse_interactive("", start=start)
        for token in self._tokens[first:end]:
            parser.feed_token(token)
        return parser

    def _bounded(self, node: Tree[Any]) -> Tree[Any] | None:
        """Return a node that is not nested too deeply, or None after a report."""
        deep = _too_deep(node)
        if deep is None:
            return node
        self._reporter.error("EAP008", self._span(deep), most=str(_MAX_DEPTH))
        return None

    def _next_section(self, index: int) -> int | None:
        """Return where the next section starts; None at the end of the policy."""
        while (token := self._tokens[index]).type not in SECTIONS:
            if token.type == "$END":
                # After a skip no one can tell whether the policy's own `}` was there.
                if not self._has_skipped_to_end:
                    self._unexpected(index, SECTIONS | {"RBRACE"})
                return None
            if token.type == "RBRACE":
                if self._tokens[index + 1].type == "$END":
                    return None
                help_ = "it ends the policy, and more follows: leave it out, or move it to the end"
                label = "one too many"
                if any(later.type == "POLICY" for later in self._tokens[index + 1 : index + 4]):
                    token, label = self._tokens[index + 1], "after the policy's own `}`"
                    help_ = "one policy a file: give this one a file of its own"
                elif not any(later.type in SECTIONS for later in self._tokens[index:]):
                    token, label = self._tokens[index + 1], "after the policy's own `}`"
                    help_ = "one policy a file, and nothing after it: leave it out"
                shown = shorten(str(token))
                self._reporter.error("EAP007", self._span(token), shown=shown, label=label, help=help_)
            elif self._mends_to_section(index):
                return index
            else:
                self._unexpected(index, SECTIONS | {"RBRACE"})
            index = self._skip(index, index + 1)
        return index

    def _mends_to_section(self, index: int) -> bool:
        parser = grammar().parse_interactive("", start="section")
        spot = Spot(self._tokens, index, lambda *kinds: _takes(parser, *kinds), self._span, self._reporter)
        return self._tokens[index].type == "NAME" and repair(spot)

    def _skip(self, first: int, index: int) -> int:
        """Give up what starts at `first`; return the next firm place from `index` on."""
        end = len(self._tokens) - 1
        while index < end and self._tokens[index].type not in SECTIONS:
            index += 1
        self._has_skipped_to_end = index >= end
        for at in range(first, min(index, end)):
            before, after = self._tokens[at - 1].type if at else "", self._tokens[at + 1].type
            if self._tokens[at].type == "NAME" and (before in _DECLARING or after in ("EQUAL", "COLON")):
                self.lost_names.add(str(self._tokens[at]))
        return min(index, end)

    def _unexpected(self, index: int, expected: Collection[str]) -> None:
        report_unexpected(self._reporter, self._tokens, index, expected, self._span)

    def _span(self, at: Token | Tree[Any]) -> Span:
        if isinstance(at, Token) and at.type == "$END":
            last = self._spelled.end(self._tokens[-2].end_pos or 1) if len(self._tokens) > 1 else 1
            return Span(last - 1, last)
        return self._builder.span(at)


def _takes(parser: Any, *kinds: str) -> bool:
    """Return whether a parser could read terminals of these kinds next, in this order; it stays as it is."""
    trial = parser.copy(deepcopy_values=False)
    # Without callbacks no tree is built: building one would change the lists that both copies share.
    trial.parser_state.parse_conf = copy(trial.parser_state.parse_conf)
    trial.parser_state.parse_conf.callbacks = {}
    try:
        for kind in kinds:
            trial.feed_token(Token(kind, ""))
    except UnexpectedToken:
        return False
    return True


def _accepted(parser: Any) -> frozenset[str]:
    return frozenset(kind for kind in parser.choices() if kind.lstrip("$").isupper() and _takes(parser, kind))


def _too_deep(tree: Tree[Any]) -> Tree[Any] | None:
    """Return the first node below the depth that is read, None where all is shallower."""
    stack: list[tuple[Tree[Any], int]] = [(tree, 1)]
    while stack:
        node, depth = stack.pop()
        if depth > _MAX_DEPTH and not node.meta.empty:
            return node
        stack.extend((child, depth + 1) for child in reversed(node.children) if isinstance(child, Tree))
    return None
