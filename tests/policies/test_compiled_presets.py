"""The presets' compiled forms are what their texts say; EDGEADAPT_UPDATE_CORPUS=1 compiles them anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from edgeadapt.policy import RulePolicy
from edgeadapt.program.compiled import SUFFIX, to_bytes
from edgeadapt.shipped import shipped

PRESETS = ("balanced", "maximize_accuracy", "minimize_power")
UPDATE = os.environ.get("EDGEADAPT_UPDATE_CORPUS") == "1"


@pytest.mark.parametrize("name", PRESETS)
def test_a_presets_compiled_form_is_what_its_text_says(name: str) -> None:
    data = to_bytes(RulePolicy.from_file(shipped(f"policies/{name}.eap")).program)
    path = shipped(f"policies/{name}{SUFFIX}")
    if UPDATE:
        path.write_bytes(data)
    assert path.read_bytes() == data, "the text or the format changed: compile it anew, and review both"


def test_nothing_is_shipped_compiled_without_its_text() -> None:
    compiled: list[Path] = sorted(shipped("policies").glob(f"*{SUFFIX}"))
    assert [path.stem for path in compiled] == list(PRESETS)
