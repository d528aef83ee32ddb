"""Lints run over every policy without errors, decide nearly all that they ask, and keep none from being compiled."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from edgeadapt.diagnostics import Source
from edgeadapt.language import compile_text, lint_text
from edgeadapt.language.checker import check
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.pages import examples
from edgeadapt.language.linting.registry import lints
from edgeadapt.language.linting.runner import run, run_on
from edgeadapt.language.parser import parse
from edgeadapt.regions import Answer
from edgeadapt.registry.family import ModelFamily
from edgeadapt.shipped import shipped
from tests.language.policies_strategy import checked, policy_text

DIGITS = ModelFamily.from_yaml(shipped("families/digits.yaml"))
SUSPICIOUS = "edition 1 policy p { rule busy { when cpu > 85% use tiny } otherwise use full }"
# What is not: comparisons of two signals, or of a signal with a parameter.
LEAST_DECIDED = 0.9


def answers(text: str, family: ModelFamily | None = None) -> list[Answer]:
    """Return what every exact question about a policy was answered."""
    parsed = parse(Source("p.eap", text))
    result = check(parsed, family)
    assert parsed.tree is not None
    assert result.program is not None
    context = Context.of(parsed.source, parsed.tree, result.program, result.tests, family)
    context = attrs.evolve(context, asked=[])
    run_on(context)
    assert context.asked is not None
    return context.asked


def share_decided(asked: list[Answer]) -> float:
    return sum(answer is not Answer.NOT_DECIDED for answer in asked) / len(asked)


def test_a_warning_keeps_no_policy_from_being_compiled() -> None:
    assert [problem.code for problem in lint_text(SUSPICIOUS)] == ["EAP418"]
    assert compile_text(SUSPICIOUS).name == "p"


def test_a_policy_with_errors_is_not_linted() -> None:
    text = SUSPICIOUS.replace("otherwise use full", "otherwise use full use")
    assert [problem.code for problem in lint_text(text) if problem.code.startswith("EAP4")] == []
    parsed = parse(Source("p.eap", text))
    assert run(parsed, check(parsed)) == ()


def test_problems_come_in_the_order_of_the_text() -> None:
    text = SUSPICIOUS.replace(
        "otherwise", "let unused = charging rule hot { when temperature > 60 °C use a } otherwise"
    )
    starts = [problem.span.start for problem in lint_text(text)]
    assert len(starts) == 3
    assert starts == sorted(starts)


def test_nine_in_ten_questions_about_shipped_policies_are_decided() -> None:
    asked = [
        a for path in shipped("policies").glob("*.eap") for a in answers(path.read_text("utf-8"), DIGITS)
    ]
    assert len(asked) > 150
    assert share_decided(asked) >= LEAST_DECIDED


def test_nine_in_ten_questions_about_the_corpus_are_decided() -> None:
    paths = sorted((Path(__file__).parents[2] / "corpus" / "valid").glob("*.eap"))
    asked = [answer for path in paths for answer in answers(path.read_text("utf-8"))]
    assert len(asked) > 300
    assert share_decided(asked) >= LEAST_DECIDED


def test_nine_in_ten_questions_about_the_pages_policies_are_decided() -> None:
    asked = [answer for lint in lints() for text in examples(lint) for answer in answers(text, DIGITS)]
    assert len(asked) > 500
    assert share_decided(asked) >= LEAST_DECIDED


@pytest.mark.parametrize("seed", range(5000, 5060))
def test_lints_take_any_policy_and_point_into_its_text(seed: int) -> None:
    parsed, result = checked(seed)
    for problem in run(parsed, result):
        assert 0 <= problem.span.start < problem.span.end <= len(parsed.source.text)
        assert all(related.label for related in problem.related)
        assert problem.message
        assert problem.help


def test_a_policy_past_every_budget_is_not_decided_and_linted_all_the_same() -> None:
    alternatives = " or ".join(
        f"(battery in {i}% .. {i}.5% and cpu in {99 - i}% .. {99 - i}.5%)" for i in range(99)
    )
    rules = "\n".join(f"rule r{i} {{ when {alternatives} use a }}" for i in range(10))
    text = f"edition 1 policy p {{ {rules} otherwise use c }}"
    assert Answer.NOT_DECIDED in answers(text)
    assert {problem.code for problem in lint_text(text)} == {"EAP418"}


@pytest.mark.parametrize("step", ["{0} and {0}", "not ({0} or {0})"])
def test_lets_that_use_each_other_twice_take_no_longer_than_their_number(step: str) -> None:
    lets = "".join(f"let a{i} = {step.format(f'a{i - 1}')} " for i in range(1, 60))
    text = f"edition 1 policy p {{ let a0 = cpu < 5% {lets} rule r {{ when charging use a where a59 }} otherwise use b }}"
    assert all(problem.code.startswith("EAP4") for problem in lint_text(text))


def test_the_same_policy_gets_the_same_report() -> None:
    text = policy_text(7)
    assert lint_text(text) == lint_text(text)
