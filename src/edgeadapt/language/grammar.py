"""The grammar as a parser, and what its terminals are called in English."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from lark import Lark, Token
from lark.lexer import PatternStr

from edgeadapt.language.grammar_cache import cache_file
from edgeadapt.shipped import shipped

# Every terminal that is not a keyword; a keyword is called by its own word.
SIGNS: dict[str, str] = {
    "NAME": "a name",
    "STRING": "a quoted text",
    "NUMBER": "a number",
    "QUANTITY": "a number with a unit",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "COMMA": "`,`",
    "COLON": "`:`",
    "DOT": "`.`",
    "EQUAL": "`=`",
    "UPTO": "`..`",
    "FALLBACK": "`??`",
    "LT": "`<`",
    "LE": "`<=`",
    "GT": "`>`",
    "GE": "`>=`",
    "EQ": "`==`",
    "NE": "`!=`",
    "PLUS": "`+`",
    "MINUS": "`-`",
    "STAR": "`*`",
    "SLASH": "`/`",
    "$END": "the end of the file",
}
COMPARISONS = frozenset(("LT", "LE", "GT", "GE", "EQ", "NE"))
SECTIONS = frozenset(("FAMILY", "INPUT", "PARAM", "LET", "RULE", "OTHERWISE", "GUARD", "PROPERTY", "TEST"))
_CLAUSES = frozenset(("WHEN", "UNTIL", "FOR", "LINGER", "HOLD", "COOLDOWN", "URGENT", "USE"))
_GO_ON = COMPARISONS | {"PLUS", "MINUS", "STAR", "SLASH", "FALLBACK", "IN", "IS", "AND", "OR"}
_VALUE = frozenset(("NAME", "NUMBER", "QUANTITY", "LPAR", "MINUS"))
_MOST = 7


@lru_cache(maxsize=1)
def grammar() -> Lark:
    """Return the parser of edition 1; it starts from `head` or from `section`.

    That the grammar is free of conflicts and its terminals of collisions (lark's `strict`) is proved by a test: the proof
    takes longer than all else that a cold start does.
    """
    text = shipped("grammar/policy.lark").read_text("utf-8")
    return Lark(
        text,
        parser="lalr",
        lexer="basic",
        propagate_positions=True,
        maybe_placeholders=False,
        start=["head", "section"],
        cache=cache_file() or False,
    )


def lex(text: str) -> list[Token]:
    """Cut a text of known spelling into tokens, comments and blanks left out."""
    reader: Any = grammar().parse_interactive(text, start="section")
    return list(reader.lexer_thread.lex(reader.parser_state))


@lru_cache(maxsize=1)
def keywords() -> dict[str, str]:
    """Return every keyword's terminal by its word."""
    patterns = {terminal.name: terminal.pattern for terminal in grammar().terminals}
    return {
        pattern.value: name
        for name, pattern in patterns.items()
        if isinstance(pattern, PatternStr) and pattern.value.isalpha()
    }


def in_words(expected: Collection[str]) -> str:
    """Name what could come next, the many ways to write one thing as that thing."""
    rest = set(expected)
    named: list[str] = []
    if rest >= _VALUE:
        named.append("an expression" if "NOT" in rest else "a value")
        rest -= _VALUE | {"NOT", "TRUE", "FALSE", "VARIANT", "LEVEL"}
    elif rest >= {"NAME", "NUMBER", "QUANTITY"}:
        named.append("a value")
        rest -= _VALUE | {"TRUE", "FALSE", "UNKNOWN"}
    elif rest & COMPARISONS:
        named.append("a comparison")
        rest -= _GO_ON
    elif len(rest & _GO_ON) > 2 and rest - _GO_ON:
        # Where an expression could go on or stop, what it may be followed by says more.
        rest -= _GO_ON
    for group, what in ((SECTIONS, "a section such as `rule`"), (_CLAUSES, "a clause such as `use`")):
        if len(rest & group) > 3:
            named.append(what)
            rest -= group
    named += sorted(SIGNS.get(name, f"`{name.lower()}`") for name in rest)
    if len(named) > _MOST:
        named = [*named[:_MOST], "others"]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} or {named[-1]}"
