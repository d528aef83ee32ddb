"""Swaps under load with every fault leave nothing of the native module behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys
from pathlib import Path
from tests.faults.soak import soak
report = soak(Path(sys.argv[1]), 300)
assert report.load.problems == []
"""


def test_a_short_soak_leaks_no_native_object(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "EDGEADAPT_LEAK_WARNINGS": "1"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
