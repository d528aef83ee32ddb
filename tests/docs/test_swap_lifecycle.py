"""The page about a swap's life shows the table that the swapper follows."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "explanation"


@pytest.fixture(scope="module")
def script() -> dict[str, object]:
    return runpy.run_path(str(FOLDER / "swap_lifecycle.py"))


def test_the_generated_part_is_up_to_date(script: dict[str, object]) -> None:
    page = (FOLDER / "swap-lifecycle.md").read_text(encoding="utf-8")
    with_generated = script["with_generated"]
    assert callable(with_generated)
    assert with_generated(page) == page, "run `python docs/explanation/swap_lifecycle.py`"
