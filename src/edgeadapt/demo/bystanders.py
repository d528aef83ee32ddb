"""How much of the processors other programs took during a run: what would make runs not comparable."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable
from types import TracebackType

import psutil

# From here on the report says that the runs were disturbed.
NOTABLE = 0.1


class Bystanders:
    """Within a `with`: afterwards `share` is the part of our processors' time that went to none of our processes."""

    def __init__(self, pids: Iterable[int]) -> None:
        self._pids = (os.getpid(), *pids)
        self.share = 0.0

    def __enter__(self) -> Bystanders:  # noqa: PYI034 - typing.Self is newer than Python 3.10
        self._before = self._measure()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        before, after = self._before, self._measure()
        elapsed_s, busy_s, own_s = (now - then for now, then in zip(after, before, strict=True))
        self.share = min(1.0, max(0.0, (busy_s - own_s) / max(elapsed_s * len(_our_cores()), 1e-9)))

    def _measure(self) -> tuple[float, float, float]:
        per_core = psutil.cpu_times(percpu=True)
        # Time that a hypervisor gave to other machines counts: it is not idle, and not ours.
        busy_s = sum(
            sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0)
            for core, times in enumerate(per_core)
            if core in _our_cores()
        )
        own_s = 0.0
        for pid in self._pids:
            with contextlib.suppress(psutil.Error):
                used = psutil.Process(pid).cpu_times()
                # Children count once they have ended; those that have not are among the pids.
                own_s += used.user + used.system + used.children_user + used.children_system
        return time.perf_counter(), busy_s, own_s


def _our_cores() -> frozenset[int]:
    with contextlib.suppress(AttributeError):  # only some systems can tell
        return frozenset(psutil.Process().cpu_affinity())
    return frozenset(range(os.cpu_count() or 1))
