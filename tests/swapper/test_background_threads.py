"""The threads that load and unload give way to readers: what the kernel says of their time slices."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
import threading
from pathlib import Path

import pytest

from edgeadapt.backends.fake import FakeBackend
from edgeadapt.swapper.swapper import HotSwapper

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine != "x86_64", reason="asks the kernel by a call's number"
)

_SCHED_GETATTR = 315
# size, policy, flags, nice, priority, runtime (a slice, for an ordinary thread), deadline, period
_ATTRIBUTES = struct.Struct("IIQiIQQQ")


def slice_ns(thread: int) -> int:
    """Return a thread's time slice; 0 where the kernel gives none."""
    found = ctypes.create_string_buffer(_ATTRIBUTES.size)
    if ctypes.CDLL(None).syscall(_SCHED_GETATTR, thread, found, _ATTRIBUTES.size, 0) != 0:
        return 0
    return int(_ATTRIBUTES.unpack(found.raw)[5])


def slices_by_name() -> dict[str, int]:
    tasks = Path("/proc/self/task").iterdir()
    return {(task / "comm").read_text().strip(): slice_ns(int(task.name)) for task in tasks}


def test_what_loads_and_unloads_has_long_slices_and_what_a_load_starts_has_not() -> None:
    usual_ns = slice_ns(0)
    if usual_ns == 0:
        pytest.skip("this kernel has no slices by thread")
    started: list[int] = []

    class StartsAThread(FakeBackend):
        def load(self) -> None:
            thread = threading.Thread(target=lambda: started.append(slice_ns(0)))
            thread.start()
            thread.join()
            super().load()

    with HotSwapper(StartsAThread, "a"):
        found = slices_by_name()
    assert found["ea-loader"] == found["ea-reaper"] == 100_000_000
    assert found["ea-notifier"] == found["ea-watchdog"] == usual_ns
    assert started == [usual_ns]
