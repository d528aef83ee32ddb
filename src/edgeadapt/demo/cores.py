"""A small device on a large machine: this process and its children on a few processors for a while."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator

DEVICE_CORES = 2


@contextlib.contextmanager
def few_cores(count: int = DEVICE_CORES) -> Iterator[int]:
    """Keep to `count` processors where the system can, and yield how many there are then.

    Threads and processes made inside inherit it; threads that exist already keep theirs.
    """
    if sys.platform != "linux":
        yield os.cpu_count() or 1
        return
    before = os.sched_getaffinity(0)
    chosen = sorted(before)[:count]
    try:
        os.sched_setaffinity(0, chosen)
    except OSError:  # a sandbox may forbid it; then the device is as large as the machine
        yield len(before)
        return
    try:
        yield len(chosen)
    finally:
        os.sched_setaffinity(0, before)
