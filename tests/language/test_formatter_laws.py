"""The laws of the formatter, on trees that Hypothesis draws: nothing changes, nothing is lost, once is enough."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import attrs
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from edgeadapt.diagnostics import Source
from edgeadapt.language.formatter import canonical, format_policy, format_tree, without_spans
from edgeadapt.language.grammar import lex
from edgeadapt.language.parser import parse
from edgeadapt.language.tree import PolicyTree


def _strategies() -> Any:
    """Load the strategies by their path: test folders are no packages."""
    spec = importlib.util.spec_from_file_location(
        "tree_strategy", Path(__file__).with_name("tree_strategy.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


strategies = _strategies()
# Shrinking a tree takes minutes, and a failure of a drawn tree is small enough.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
lawful = settings(max_examples=60, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))


def parsed(text: str) -> PolicyTree:
    result = parse(Source("p.eap", text))
    assert result.diagnostics == (), text
    assert result.tree is not None
    return result.tree


def formatted(text: str) -> str:
    return format_policy(parse(Source("p.eap", text)))


def comments_of(text: str) -> list[str]:
    """Every comment in order; strings may hold a `#` too."""
    return [match for match in re.findall(r'"[^"\r\n]*"|#[^\n]*', text) if match.startswith("#")]


@lawful
@given(tree=strategies.trees)
def test_what_is_printed_is_parsed_as_the_same_tree_in_the_order_of_the_page(tree):
    assert without_spans(parsed(format_tree(tree))) == without_spans(canonical(tree))


@lawful
@given(tree=strategies.trees)
def test_a_formatted_text_is_not_changed_by_formatting_it_again(tree):
    text = format_tree(tree)
    assert formatted(text) == text


@lawful
@given(tree=strategies.ordered_trees, random=st.randoms(use_true_random=False))
def test_comments_anywhere_between_tokens_survive_in_their_order(tree, random):
    text = format_tree(tree)
    ends = [0, *(token.end_pos for token in lex(text))]
    places = sorted(random.choices(ends, k=random.randrange(9)))
    pieces, last = [], 0
    for number, place in enumerate(places):
        own_line = random.choice(("", "\n", "\n\n"))
        pieces += [text[last:place], f"{own_line}# {number}\n"]
        last = place
    commented = "".join([*pieces, text[last:]])
    once = formatted(commented)
    assert comments_of(once) == [f"# {number}" for number in range(len(places))]
    assert without_spans(parsed(once)) == without_spans(tree)
    assert formatted(once) == once


@lawful
@given(tree=strategies.trees, random=st.randoms(use_true_random=False))
def test_how_the_text_was_laid_out_does_not_matter(tree, random):
    text = format_tree(tree)
    tokens = [str(token) for token in lex(text)]
    blanks = (" ", "\n", "\t", "\r\n  ", "\f")
    squeezed = "".join(token + random.choice(blanks) for token in tokens)
    assert formatted("\ufeff" + squeezed) == formatted(squeezed)
    assert without_spans(parsed(formatted(squeezed))) == without_spans(canonical(tree))


@lawful
@given(tree=strategies.trees)
def test_no_line_is_longer_than_the_page_where_it_could_be_broken(tree):
    for line in format_tree(tree).split("\n"):
        if len(line) > 100:
            # What is left is one thing: a name with its keyword, a comparison of two, a header with its text.
            assert (
                len(re.findall(r" (and|or|then|where|else|tolerance|band|in|\+|-|\*|/|\?\?) ", line)) <= 1
                or '"' in line
            )


def test_the_deepest_text_that_can_be_parsed_is_printed():
    text = "edition 1 policy p { let a = " + "not (" * 40 + "cpu > 1%" + ")" * 40 + " otherwise use a }"
    assert formatted(formatted(text)) == formatted(text)


def test_attributes_of_every_node_are_compared():
    tree = parsed("edition 1 policy p { otherwise use tiny }")
    assert without_spans(tree) != without_spans(attrs.evolve(tree, doc="other"))
