"""Policies of a few lines, checked and played against the shipped family."""

from collections.abc import Callable

import pytest

from edgeadapt.diagnostics import Source
from edgeadapt.language.checker import check
from edgeadapt.language.parser import parse
from edgeadapt.registry.family import ModelFamily
from edgeadapt.replay import Suite, run_suite
from edgeadapt.shipped import shipped

Play = Callable[..., Suite]


@pytest.fixture(scope="session")
def play() -> Play:
    """Run the tests of a policy, given its sections but for `otherwise`, which uses `medium` unless told else."""
    digits = ModelFamily.from_yaml(shipped("families/digits.yaml"))

    def call(sections: str, otherwise: str = "medium") -> Suite:
        text = f"edition 1 policy p {{ otherwise use {otherwise} {sections} }}"
        parsed = parse(Source("p.eap", text))
        checked = check(parsed, digits)
        assert checked.diagnostics == ()
        assert checked.program is not None
        return run_suite(parsed, checked, checked.program, digits)

    return call
