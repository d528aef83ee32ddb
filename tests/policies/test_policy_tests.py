"""The tests and properties of every shipped policy, run as `edgeadapt test` does, and how much they reach."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeadapt.diagnostics import Source
from edgeadapt.language.checker import check
from edgeadapt.language.parser import parse
from edgeadapt.registry.family import ModelFamily
from edgeadapt.replay import Suite, run_suite
from edgeadapt.shipped import shipped

DIGITS = ModelFamily.from_yaml(shipped("families/digits.yaml"))


def played(path: Path) -> Suite:
    parsed = parse(Source(path.name, path.read_text(encoding="utf-8")))
    checked = check(parsed, DIGITS)
    assert checked.diagnostics == ()
    assert checked.program is not None
    return run_suite(parsed, checked, checked.program, DIGITS)


@pytest.fixture(scope="module", params=sorted(shipped("policies").glob("*.eap")), ids=lambda path: path.stem)
def suite(request) -> Suite:
    return played(request.param)


def test_a_shipped_policys_own_tests_pass(suite):
    assert suite.runs
    assert [run.test.name for run in suite.failed] == []


def test_every_property_of_a_shipped_policy_holds_and_is_put_to_the_test(suite):
    assert [verdict.name for verdict in suite.broken] == []
    assert [verdict.name for verdict in suite.verdicts if not verdict.judged] == []


def test_the_tests_of_a_shipped_policy_reach_all_of_every_rule(suite):
    missing = {rule.rule: rule.missing for rule in suite.coverage.rules if rule.missing}
    assert missing == {}
