"""Each lint's page is its test: the failing example yields exactly its code, the better one none of it."""

from __future__ import annotations

import re

import pytest

from edgeadapt.language import lint_text
from edgeadapt.language.linting.pages import examples, known, page, summaries
from edgeadapt.language.linting.registry import Lint, lints
from edgeadapt.registry.family import ModelFamily
from edgeadapt.shipped import shipped

DIGITS = ModelFamily.from_yaml(shipped("families/digits.yaml"))
POLICIES = sorted(shipped("policies").glob("*.eap"))
HEADINGS = ("## What it finds", "## Why it matters", "Fails:", "Better:", "## Blind spots")
each_lint = pytest.mark.parametrize("lint", lints(), ids=lambda lint: lint.code)


def codes(text: str) -> list[str]:
    family = DIGITS if "family digits" in text else None
    return [problem.code for problem in lint_text(text, family=family)]


@each_lint
def test_the_failing_example_yields_exactly_this_lint(lint: Lint) -> None:
    failing, _ = examples(lint)
    assert codes(failing) == [lint.code]


@each_lint
def test_the_better_example_yields_nothing(lint: Lint) -> None:
    _, better = examples(lint)
    assert codes(better) == []


@each_lint
def test_a_page_says_what_why_and_what_it_can_not_see(lint: Lint) -> None:
    places = [lint.page.find(heading) for heading in HEADINGS]
    assert -1 not in places
    assert places == sorted(places)
    assert re.fullmatch(r"EAP4\d\d", lint.code)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", lint.name)
    assert len(lint.page.splitlines()[0]) <= 100


@each_lint
def test_what_it_finds_says_what_is_true_there_and_what_to_do(lint: Lint) -> None:
    failing, _ = examples(lint)
    (problem,) = lint_text(failing, family=DIGITS if "family digits" in failing else None)
    assert problem.severity is lint.severity
    assert not problem.is_error
    for text in (problem.message, problem.label, problem.help):
        assert text
        assert "\n" not in text
        assert not text.endswith(".")


def test_there_are_lints_enough_and_no_code_or_name_twice() -> None:
    found = lints()
    assert len(found) >= 30
    assert len({lint.code for lint in found}) == len({lint.name for lint in found}) == len(found)


@pytest.mark.parametrize("name", known())
def test_every_code_and_name_has_a_page(name: str) -> None:
    text = page(name)
    assert text is not None
    assert text.startswith("# EAP")
    assert page(name.lower()) == text


def test_what_is_no_code_has_no_page() -> None:
    assert page("EAP999") is None
    assert {code for code, _ in summaries()} < set(known())


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_a_shipped_policy_is_lint_clean(path) -> None:
    assert [
        (problem.code, problem.message) for problem in lint_text(path.read_text("utf-8"), family=DIGITS)
    ] == []
