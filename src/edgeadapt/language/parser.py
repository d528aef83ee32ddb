"""Text to a typed tree, with every problem of form in one run: after an error the parser goes on at the next section.

Keywords are reserved everywhere, so the word that starts a section is a firm place to go on from.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import attrs
from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedToken

from edgeadapt.diagnostics import Diagnostic, Edit, Fix, Severity, Source, Span
from edgeadapt.language.builder import build
from edgeadapt.language.spelling import spell
from edgeadapt.language.syntax_messages import explain_unexpected
from edgeadapt.language.tree import PolicyTree
from edgeadapt.shipped import shipped

_SECTIONS = frozenset(("FAMILY", "INPUT", "PARAM", "LET", "RULE", "OTHERWISE", "GUARD", "PROPERTY", "TEST"))
_NAMED = frozenset(("INPUT", "PARAM", "LET"))
# Deeper than anyone writes, and shallow enough for every recursive walk of the tree.
_MAX_DEPTH = 150
_MAX_CHARACTERS = 1_000_000
_MAX_ERRORS = 100


@attrs.frozen
class Parsed:
    """What parsing gives: the tree (None where there is none), the problems, and names declared in lost sections."""

    source: Source
    tree: PolicyTree | None
    diagnostics: tuple[Diagnostic, ...]
    lost_names: frozenset[str]


@lru_cache(maxsize=1)
def _lark() -> Lark:
    text = shipped("grammar/policy.lark").read_text("utf-8")
    return Lark(
        text, parser="lalr", lexer="basic", strict=True, propagate_positions=True, maybe_placeholders=False
    )


def keywords() -> frozenset[str]:
    """Return the words that are reserved everywhere."""
    patterns = (terminal.pattern for terminal in _lark().terminals)
    return frozenset(p.value for p in patterns if p.type == "str" and p.value.isalpha())


def parse(source: Source) -> Parsed:
    """Parse a policy; never raises for what the text says."""
    if len(source.text) > _MAX_CHARACTERS:
        whole = Span(0, 1)
        problem = Diagnostic(
            "EAP009",
            Severity.ERROR,
            "this file is too long for a policy",
            source,
            whole,
            "",
            "one policy a file, at most a million characters",
        )
        return Parsed(source, None, (problem,), frozenset())
    if source.text.startswith("\ufeff"):
        # A blank keeps every offset right.
        source = Source(source.name, " " + source.text[1:])
    return _Parser(source).run()


class _Parser:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.spelled = spell(source)
        self.problems = list(self.spelled.diagnostics)
        self.lost: set[str] = set()
        self.tokens = list(_lark().lex(self.spelled.text))
        end = len(self.spelled.text)
        self.end = Token("$END", "", start_pos=end, end_pos=end, line=1, column=1)

    def run(self) -> Parsed:
        tree = self._parse()
        if tree is not None and _depth(tree) > _MAX_DEPTH:
            span = Span(0, 1)
            self._report("EAP008", "an expression is nested too deeply", span, "", "split it with `let`")
            tree = None
        policy = build(tree, self.spelled.original) if tree is not None else None
        self.problems.sort(key=lambda problem: problem.span.start)
        return Parsed(self.source, policy, tuple(self.problems), frozenset(self.lost))

    def _parse(self) -> Tree[Any] | None:
        parser = _lark().parse_interactive("")
        section_start: Any = None
        at_section = 0
        index = 0
        errors = 0
        while index <= len(self.tokens):
            token = self.tokens[index] if index < len(self.tokens) else self.end
            if token.type in _SECTIONS:
                accepted = parser.accepts()
                if token.type in accepted:
                    section_start, at_section = _snapshot(parser), index
            try:
                result = parser.feed_token(token)
            except UnexpectedToken:
                errors += 1
                expected = parser.accepts()
                previous = self.tokens[index - 1] if index else None
                if token.type == "EQUAL" and "EQ" in expected:
                    span = self._span(token)
                    fix = Fix("write `==`", (Edit(span, "=="),))
                    self._report(
                        "EAP002", "`=` does not compare", span, "a comparison is `==`", "write `==`", fix
                    )
                    parser.feed_token(Token.new_borrow_pos("EQ", "==", token))
                    index += 1
                    continue
                message, label, help_ = explain_unexpected(token, previous, expected)
                self._report("EAP007", message, self._span(token), label, help_)
                if errors >= _MAX_ERRORS:
                    return None
                lost_at = at_section if section_start is not None else 0
                index, parser = self._recover(index, lost_at, section_start)
                section_start = None
                if parser is None:
                    return None
                continue
            if token.type == "$END":
                tree: Tree[Any] = result
                return tree
            index += 1
        return None

    def _recover(self, index: int, lost_at: int, section_start: Any) -> tuple[int, Any]:
        """Return where to go on and the parser to go on with; None where nothing is left to parse."""
        for start in range(lost_at, min(index + 1, len(self.tokens) - 1)):
            if self.tokens[start].type in _NAMED and self.tokens[start + 1].type == "NAME":
                self.lost.add(str(self.tokens[start + 1]))
        if section_start is None:
            section_start = self._after_header()
        following = index + 1 if index <= lost_at else index
        while following < len(self.tokens) and self.tokens[following].type not in _SECTIONS:
            following += 1
        if following < len(self.tokens):
            return following, section_start
        if not self.tokens:
            return following, None
        section_start.feed_token(Token.new_borrow_pos("RBRACE", "}", self.tokens[-1]))
        return following, section_start

    def _after_header(self) -> Any:
        parser = _lark().parse_interactive("")
        anchor = self.tokens[0] if self.tokens else self.end
        edition = self.tokens[:2]
        if [token.type for token in edition] == ["EDITION", "NUMBER"]:
            for token in edition:
                parser.feed_token(token)
        for kind, text in (("POLICY", "policy"), ("NAME", "_"), ("LBRACE", "{")):
            parser.feed_token(Token.new_borrow_pos(kind, text, anchor))
        return parser

    def _span(self, token: Token) -> Span:
        start, end = token.start_pos or 0, token.end_pos or 0
        if token.type == "$END" and self.tokens:
            last = self.tokens[-1].end_pos or 1
            start, end = last - 1, last
        return Span(
            self.spelled.original(start), max(self.spelled.original(end), self.spelled.original(start) + 1)
        )

    def _report(
        self, code: str, message: str, span: Span, label: str, help_: str, fix: Fix | None = None
    ) -> None:
        self.problems.append(
            Diagnostic(code, Severity.ERROR, message, self.source, span, label, help_, fix=fix)
        )


def _snapshot(parser: Any) -> Any:
    """Copy a parser's state, so that parsing can go on from here after an error."""
    copied = parser.copy(deepcopy_values=False)
    # Lark appends to the lists of finished trees in place, so those lists must not be shared; deeper ones are final,
    # and copying them would recurse as deep as the text nests.
    values = copied.parser_state.value_stack
    values[:] = [Tree(v.data, list(v.children), v.meta) if isinstance(v, Tree) else v for v in values]
    return copied


def _depth(tree: Tree[Any]) -> int:
    deepest = 0
    stack: list[tuple[Any, int]] = [(tree, 1)]
    while stack:
        node, depth = stack.pop()
        deepest = max(deepest, depth)
        if isinstance(node, Tree):
            stack.extend((child, depth + 1) for child in node.children)
    return deepest
