"""Swaps by the thousand under open-loop load with faults: nothing is dropped, nothing is wrong, memory stays flat.

`EDGEADAPT_SOAK_SWAPS` sets how many swaps the soak does; `pytest -m soak -s` shows its report.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.faults.rig import ENDS
from tests.faults.soak import Report, soak

FULL = int(os.environ.get("EDGEADAPT_SOAK_SWAPS", "100000"))
SHORT = 3000
FLAT_MB = 20.0


def keeps_its_promises(report: Report) -> None:
    print(report)
    assert report.load.problems == []
    assert report.load.arrived == report.load.answered
    assert report.counters["attempted"] == sum(report.counters[end] for end in ENDS)
    assert all(report.done[what] for what in ("swap", "load error", "truncated", "supersede", "cancel"))
    assert report.rss_mb[-1] - report.rss_mb[0] <= FLAT_MB


@pytest.mark.long
@pytest.mark.timeout(120)
def test_some_thousand_swaps_under_load_drop_nothing(tmp_path: Path) -> None:
    keeps_its_promises(soak(tmp_path, SHORT))


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_hundred_thousand_swaps_under_load_drop_nothing(tmp_path: Path) -> None:
    report = soak(tmp_path, FULL)
    keeps_its_promises(report)
    assert report.slope_mb <= FLAT_MB
