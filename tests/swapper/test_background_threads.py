"""The threads that load and unload give way to readers: what the kernel says of how they are scheduled."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
import threading
from pathlib import Path
from typing import NamedTuple

import pytest

from edgeadapt.backends.fake import FakeBackend
from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.registry.variant import ModelVariant, SessionOptions
from edgeadapt.swapper.swapper import HotSwapper
from tests.backends.onnx_models import doubling

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine != "x86_64", reason="asks the kernel by a call's number"
)

_SCHED_GETATTR = 315
# size, policy, flags, nice, priority, runtime (a slice, for an ordinary thread), deadline, period
_ATTRIBUTES = struct.Struct("IIQiIQQQ")
_LONG_NS = 100_000_000


class Scheduling(NamedTuple):
    """How the kernel schedules a thread; a slice of 0 where it gives none."""

    policy: int
    slice_ns: int


def scheduling_of(thread: int) -> Scheduling:
    found = ctypes.create_string_buffer(_ATTRIBUTES.size)
    if ctypes.CDLL(None).syscall(_SCHED_GETATTR, thread, found, _ATTRIBUTES.size, 0) != 0:
        return Scheduling(os.SCHED_OTHER, 0)
    _, policy, _, _, _, slice_ns, _, _ = _ATTRIBUTES.unpack(found.raw)
    return Scheduling(policy, slice_ns)


def by_name() -> dict[str, set[Scheduling]]:
    found: dict[str, set[Scheduling]] = {}
    for task in Path("/proc/self/task").iterdir():
        found.setdefault((task / "comm").read_text().strip(), set()).add(scheduling_of(int(task.name)))
    return found


@pytest.fixture
def usual() -> Scheduling:
    found = scheduling_of(0)
    if found.slice_ns == 0:
        pytest.skip("this kernel has no slices by thread")
    return found


def test_what_loads_and_unloads_has_long_slices_and_what_a_load_starts_has_not(usual: Scheduling) -> None:
    started: list[Scheduling] = []
    unloaded = threading.Event()

    class StartsAThread(FakeBackend):
        def load(self) -> None:
            thread = threading.Thread(target=lambda: started.append(scheduling_of(0)))
            thread.start()
            thread.join()
            super().load()

        def unload(self) -> None:
            unloaded.set()

    with HotSwapper(StartsAThread, "a") as swapper:
        swapper.swap_to("b")
        # By then each has begun.
        assert unloaded.wait(30)
        found = by_name()
    for name in ("ea-loader", "ea-reaper"):
        # A thread that one of them started, and that is about to be gone, has its name.
        assert _LONG_NS in {one.slice_ns for one in found[name]}
    assert found["ea-notifier"] == found["ea-watchdog"] == {usual}
    assert started == [usual, usual]


def test_what_a_native_load_starts_is_scheduled_as_usual(usual: Scheduling, tmp_path: Path) -> None:
    session = SessionOptions(intra_op_num_threads=3)
    variant = ModelVariant("a", str(doubling(tmp_path / "a.onnx")), session=session)
    with HotSwapper(lambda name: ONNXBackend(variant), "a"):
        found = by_name()
    # What it starts has its name. Asleep, it wakes without pushing anybody aside.
    assert found["ea-native"] == {Scheduling(os.SCHED_BATCH, _LONG_NS), usual}
