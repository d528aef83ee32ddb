"""Planted violations are found, shrunk, and come back as a `test` that shows the same; shipped policies break nothing."""

from __future__ import annotations

import pytest

from edgeadapt.diagnostics import Source
from edgeadapt.language.checker import check
from edgeadapt.language.formatter import format_policy
from edgeadapt.language.parser import parse
from edgeadapt.policy import RulePolicy
from edgeadapt.registry.family import ModelFamily
from edgeadapt.replay import run_suite
from edgeadapt.shipped import shipped
from edgeadapt.testing import PropertyBroken, check_policy, find_violations

DIGITS = ModelFamily.from_yaml(shipped("families/digits.yaml"))
PLANTED = {
    "a threshold that is off by equality": """
      rule low { when battery < 20% use tiny }
      property broken { never use full when battery <= 20% }""",
    "a timer longer than promised": """
      rule low { when battery < 20% for 11 s use tiny }
      property broken { never use full when battery < 20% for 10 s }""",
    "a band that keeps too long": """
      rule low { when memory_available < 400 MB band 200 MB use tiny }
      property broken { never use tiny when memory_available > 500 MB for 10 s }""",
    "a promise that no rule keeps": """
      property broken { never use full when cpu > 90% and charging }""",
    "no guard": """
      rule low { when battery < 20% use tiny }
      property broken { at most 3 swaps per 1 min }""",
    "an input": """
      input light: number in 0 .. 1000 stale after 10 s
      rule dark { when light < 333 and network == good use tiny }
      property broken { always use tiny when light <= 333 and network == good }""",
}


def policy(sections: str) -> str:
    return f"edition 1 policy p {{ family digits {sections} otherwise use full }}"


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_violation_is_found_and_its_test_shows_it(name) -> None:
    text = policy(PLANTED[name])
    (found,) = find_violations(RulePolicy.from_text(text), DIGITS, max_examples=1000)
    pasted = parse(Source("p.eap", text.rstrip()[:-1] + found.text + "}"))
    checked = check(pasted, DIGITS)
    assert checked.program is not None, checked.diagnostics
    suite = run_suite(pasted, checked, checked.program, DIGITS)
    (verdict,) = suite.broken
    assert verdict.breaches[0].step.step.at_ns == found.breach.step.step.at_ns
    assert found.text in format_policy(pasted)


def test_what_is_found_is_short_and_simple() -> None:
    text = policy(PLANTED["a threshold that is off by equality"])
    with pytest.raises(PropertyBroken) as caught:
        check_policy(RulePolicy.from_text(text), DIGITS)
    assert caught.value.violations[0].text == "  test breaks_broken {\n    at 0 s: battery = 20%\n  }\n"


def test_values_that_cannot_be_are_not_tried() -> None:
    text = policy(PLANTED["a threshold that is off by equality"])
    allowed = {"battery": (10.0, 20.5, None)}
    check_policy(RulePolicy.from_text(text), DIGITS, max_examples=300, values=allowed)


@pytest.mark.parametrize("path", sorted(shipped("policies").glob("*.eap")), ids=lambda it: it.stem)
def test_a_shipped_policy_breaks_nothing(path) -> None:
    check_policy(RulePolicy.from_file(path), DIGITS, max_examples=100)
