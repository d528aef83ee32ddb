"""The grammar is one thing, read in pieces."""

from pathlib import Path

import pytest
from lark import Lark, Token, Tree

from edgeadapt.language.grammar import SIGNS, grammar, in_words, keywords
from edgeadapt.shipped import shipped

VALID = sorted((Path(__file__).parents[1] / "corpus" / "valid").glob("*.eap"))


def test_every_terminal_has_an_english_name() -> None:
    ignored = {"COMMENT", "__IGNORE_1"}
    named = set(SIGNS) | set(keywords().values()) | ignored
    assert {terminal.name for terminal in grammar().terminals} <= named


def test_the_grammar_has_neither_conflicts_nor_colliding_terminals() -> None:
    text = shipped("grammar/policy.lark").read_text("utf-8")
    Lark(text, parser="lalr", lexer="basic", strict=True, start=["head", "section", "policy"])


def test_keywords_are_words_of_lower_case_letters() -> None:
    assert "when" in keywords()
    assert all(word.isalpha() and word.islower() for word in keywords())


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_the_whole_grammar_reads_what_its_pieces_read(path: Path) -> None:
    whole = Lark(shipped("grammar/policy.lark").read_text("utf-8"), parser="lalr", lexer="basic", strict=True,
                 maybe_placeholders=False, start="policy")  # fmt: skip
    text = path.read_bytes().decode("utf-8").removeprefix("\ufeff")
    tree = whole.parse(text)
    assert isinstance(tree, Tree)
    head, *sections = tree.children
    assert isinstance(head, Tree)
    assert not any(isinstance(section, Token) for section in sections)


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        ({"NAME", "NUMBER", "QUANTITY", "LPAR", "MINUS", "NOT", "TRUE", "LEVEL"}, "an expression"),
        ({"NAME", "NUMBER", "QUANTITY", "MINUS", "TRUE", "FALSE"}, "a value"),
        ({"LT", "GT", "PLUS", "IN", "RPAR"}, "a comparison or `)`"),
        ({"EDITION", "POLICY"}, "`edition` or `policy`"),
        ({"RULE", "LET", "PARAM", "GUARD", "RBRACE"}, "a section such as `rule` or `}`"),
        ({"MOST"}, "`most`"),
    ],
)
def test_what_could_come_next_is_said_in_words(expected: set[str], words: str) -> None:
    assert in_words(expected) == words
