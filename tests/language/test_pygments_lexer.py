"""The lexer for Pygments knows every word of the grammar, finds nothing wrong with good policies, and never fails."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.token import Comment, Error, Keyword, Name, Number, String, Whitespace

from edgeadapt.language.grammar import keywords
from edgeadapt.language.pygments_lexer import KEYWORDS, EapLexer
from edgeadapt.shipped import shipped

VALID = [
    *sorted(shipped("policies").glob("*.eap")),
    *sorted((Path(__file__).parents[1] / "corpus" / "valid").glob("*.eap")),
]
INVALID = sorted((Path(__file__).parents[1] / "corpus" / "invalid").glob("*.eap"))
SCRAPS = st.sampled_from(
    [*sorted(KEYWORDS), "x", "5", "1.5", "75 °C", "5Mb", '"', "#", "{", "}", ",", "\n", " ", "é"]
)


def tokens(text: str) -> list[tuple[object, str]]:
    return [(kind, value) for _, kind, value in EapLexer().get_tokens_unprocessed(text)]


def kind_of(text: str, word: str) -> object:
    return next(kind for kind, value in tokens(text) if value == word)


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_valid_policy_has_no_token_in_error(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    assert [value for kind, value in tokens(text) if kind is Error] == []
    assert "".join(value for _, value in tokens(text)) == text


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_an_invalid_policy_is_cut_whole(path: Path) -> None:
    text = path.read_bytes().decode("utf-8", "replace")
    assert "".join(value for _, value in tokens(text)) == text


@given(st.one_of(st.text(), st.lists(SCRAPS).map(" ".join), st.lists(SCRAPS).map("".join)))
def test_any_text_comes_back_whole(text: str) -> None:
    assert "".join(value for _, value in tokens(text)) == text


def test_the_keywords_are_those_of_the_grammar() -> None:
    assert frozenset(keywords()) == KEYWORDS


@pytest.mark.parametrize("word", sorted(KEYWORDS))
def test_a_keyword_is_never_taken_for_a_name(word: str) -> None:
    for before in ("use ", "rule ", ""):
        assert kind_of(before + word, word) not in (Name, Name.Class, Name.Label)
    assert kind_of(f"use {word}_2", f"{word}_2") is Name.Label


def test_the_parts_of_a_rule_are_told_apart() -> None:
    rule = 'rule hot "cool down" { when temperature >= 75 °C and mine use "a-b", tiny }  # why'
    kinds = {
        "rule": Keyword.Declaration, "hot": Name.Class, '"cool down"': String.Doc, "when": Keyword,
        "temperature": Name.Builtin, "75": Number, "°C": Keyword.Type, "mine": Name, '"a-b"': Name.Label,
        "tiny": Name.Label, "# why": Comment,
    }  # fmt: skip
    assert {word: kind_of(rule, word) for word in kinds} == kinds


def test_a_candidate_s_attribute_is_one_behind_variant_too() -> None:
    assert kind_of("use highest variant.input_size", "input_size") is Name.Attribute
    assert kind_of("use highest accuracy", "accuracy") is Name.Attribute


@pytest.mark.parametrize("slip", ["75C", "5Mb", "1e3", "5m", "Battery"])
def test_a_slip_is_in_error(slip: str) -> None:
    assert tokens(f"when x < {slip}")[-1] == (Error, slip)


def test_an_ignore_is_more_than_a_comment() -> None:
    assert (Comment.Special, "EAP401") in tokens("# eap: ignore[EAP401] measured once")


def test_the_blanks_between_are_blanks() -> None:
    assert {kind for kind, value in tokens("use  tiny\n\trule a") if not value.strip()} == {Whitespace}


def test_pygments_finds_it_by_name() -> None:
    (found,) = (point for point in entry_points(group="pygments.lexers") if point.name == "eap")
    assert found.load() is EapLexer
