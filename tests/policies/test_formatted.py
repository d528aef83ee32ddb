"""The shipped policies are in the language's canonical form."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeadapt.diagnostics import Source
from edgeadapt.language.formatter import format_policy
from edgeadapt.language.parser import parse
from edgeadapt.shipped import shipped

POLICIES = sorted(shipped("policies").glob("*.eap"))


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_a_shipped_policy_is_formatted(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert format_policy(parse(Source(path.name, text))) == text
