"""What is waited for a processor is told where the system counts it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from edgeadapt.benchmark.cpu_wait import cpu_wait


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="this system does not count it")
def test_it_is_a_time_that_never_shrinks() -> None:
    first, second = cpu_wait(), cpu_wait()
    assert first is not None
    assert second is not None
    assert 0 < first.turns <= second.turns
    assert 0 <= first.waited_ns <= second.waited_ns


@pytest.mark.skipif(sys.platform == "linux", reason="Linux counts")
def test_it_is_unknown_elsewhere() -> None:
    assert cpu_wait() is None
