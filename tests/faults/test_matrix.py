"""Whatever happens to an activation, in whichever stage: every inference is answered, by exactly one whole generation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.matrix import FAULTS, MATRIX, STAGES
from tests.faults.rig import Rig
from tests.faults.scenario import CannotOccur, Scenario

CELLS = {
    f"{stage}/{fault}": cell
    for stage, row in MATRIX.items()
    for fault, cell in row.items()
    if not isinstance(cell, CannotOccur)
}


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(tmp_path)
    yield rig
    rig.abandon()


def test_every_cell_is_a_scenario_or_says_why_it_has_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert STAGES == (
        "open",
        "parse",
        "init",
        "warm-up",
        "contract",
        "golden",
        "commit",
        "drain",
        "unload",
    )
    kinds: Counter[str] = Counter()
    reasons = []
    for stage in STAGES:
        assert sorted(MATRIX[stage]) == sorted(FAULTS), stage
        for fault, cell in MATRIX[stage].items():
            kinds["cannot occur" if isinstance(cell, CannotOccur) else "scenario"] += 1
            if isinstance(cell, CannotOccur):
                assert cell.reason
                reasons.append(f"{stage}/{fault}: {cell.reason}")
    assert sum(kinds.values()) == len(STAGES) * len(FAULTS) == 99
    with capsys.disabled():
        print(f"\nfault matrix: {sum(kinds.values())} cells: {dict(kinds)}; {'; '.join(reasons)}")


@pytest.mark.parametrize("cell", CELLS)
def test_every_inference_is_answered_by_one_whole_generation(rig: Rig, cell: str) -> None:
    scenario: Scenario = CELLS[cell]
    if cell.startswith("golden/"):
        rig.golden("b")
    scenario(rig)
    rig.finish()
    assert sum(rig.points.fired.values()) > 0, "the fault never fired"
