"""A new lint's draft is a lint, under a code that was never used."""

from __future__ import annotations

import types

import pytest

from edgeadapt.language.linting.registry import Lint, lints
from edgeadapt.language.linting.scaffold import new_lint


def test_the_draft_is_a_lint_under_the_next_code() -> None:
    file, text = new_lint("slow-start")
    module = types.ModuleType("slow_start")
    exec(compile(text, file, "exec"), module.__dict__)
    lint = Lint.of(module)
    assert file == "slow_start.py"
    assert lint.name == "slow-start"
    assert lint.code not in {other.code for other in lints()}
    assert 400 < int(lint.code[3:]) < 490


@pytest.mark.parametrize("name", ["no-hysteresis", "Slow", "slow_start", "../evil", "", "-", "x" * 80])
def test_a_name_that_can_not_be_a_lints_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="lint"):
        new_lint(name)
