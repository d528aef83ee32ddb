"""Resident memory: what is held, and the most that was."""

from __future__ import annotations

import mmap
import sys

import pytest

from edgeadapt.benchmark.memory_use import MemoryWatch

# Far more than what else happens in the process meanwhile.
BYTES = 64 << 20


def touched() -> mmap.mmap:
    """Map memory of its own and write to each of its pages."""
    memory = mmap.mmap(-1, BYTES)
    memory[::4096] = b"x" * (BYTES // 4096)
    return memory


def test_what_is_held_counts_as_long_as_it_is() -> None:
    watch = MemoryWatch()
    before = watch.resident()
    memory = touched()
    assert watch.resident() - before > BYTES * 0.9
    memory.close()
    assert watch.resident() - before < BYTES * 0.5


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux forgets a peak")
def test_the_peak_stays_until_it_is_forgotten() -> None:
    watch = MemoryWatch()
    watch.restart()
    before = watch.resident()
    touched().close()
    assert watch.peak() - before > BYTES * 0.9
    watch.restart()
    assert watch.peak() - before < BYTES * 0.5
