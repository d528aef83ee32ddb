"""How long this thread has waited for a processor that others had: what slow runs on a busy machine are slow by."""

from __future__ import annotations

import threading
from typing import NamedTuple


class CpuWait(NamedTuple):
    """Nanoseconds that a thread waited for a processor, and how many times it got one."""

    waited_ns: int
    turns: int


def cpu_wait() -> CpuWait | None:
    """Return what this thread has waited since it began; None where the system doesn't tell, as only Linux does."""
    try:
        with open(f"/proc/self/task/{threading.get_native_id()}/schedstat", encoding="ascii") as file:
            _, waited, turns = map(int, file.read().split())
    except (OSError, ValueError):
        return None
    # A kernel that does not count has nothing but zeros; who asks has had a turn.
    return CpuWait(waited, turns) if turns else None
