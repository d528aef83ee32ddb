"""What a snapshot of this device costs: the kernel's files through kept descriptors, against psutil's way in the same run.

Claim, on Linux: at most 40 µs a snapshot, and five times less than what psutil takes for the same signals.

    python benchmarks/profile_snapshot.py
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import psutil
from quiet import on_quiet_machine
from readers import percentile

from edgeadapt.profiler.fallback import FallbackProfiler
from edgeadapt.profiler.kernel_files import PlainFiles
from edgeadapt.profiler.linux import LinuxProfiler
from edgeadapt.state import SIGNALS

ROUNDS, SNAPSHOTS = 40, 50
LIMIT_US, LIMIT_TIMES = 40.0, 5.0


def time_us(snapshot: Callable[[], object]) -> float:
    """Return how long one takes on average, in µs."""
    started = time.perf_counter()
    for _ in range(SNAPSHOTS):
        snapshot()
    return (time.perf_counter() - started) / SNAPSHOTS * 1e6


def main() -> int:
    native, plain, fallback = LinuxProfiler(), LinuxProfiler(files=PlainFiles("/")), FallbackProfiler()

    def psutils_way() -> None:
        # Its profiler leaves out the network, because asking is dear; our own tells it.
        fallback.snapshot()
        psutil.net_if_stats()

    ways: dict[str, Callable[[], object]] = {
        "ours": native.snapshot,
        "psutil, the same signals": psutils_way,
        "psutil, without the network": fallback.snapshot,
        "ours, each file opened anew": plain.snapshot,
        "ours, when it looks for new files": lambda: look_again(native),
    }
    took: dict[str, list[float]] = {name: [] for name in ways}
    # In turns, so that what else the machine does falls on all of them.
    for _ in range(ROUNDS):
        for name, way in ways.items():
            took[name].append(time_us(way))
    for name, times in took.items():
        print(f"  {name:34} {percentile(times, 50):6.1f} µs   least {min(times):6.1f} µs")
    state, other = native.snapshot(), fallback.snapshot()
    told, psutil_told = (sum(each.value(name) is not None for name in SIGNALS) for each in (state, other))
    print(f"  signals known here: {told} against {psutil_told}")
    native.close()
    ours = percentile(took["ours"], 50)
    times = percentile(took["psutil, the same signals"], 50) / ours
    holds = ours <= LIMIT_US and times >= LIMIT_TIMES
    print(
        f"a snapshot: {ours:.1f} µs (at most {LIMIT_US:.0f}), {times:.1f} times cheaper (at least {LIMIT_TIMES:.0f})"
    )
    return 0 if holds else 1


def look_again(profiler: LinuxProfiler) -> None:
    """What one snapshot in ten seconds does besides."""
    profiler._looked_at = float("-inf")
    profiler.snapshot()


if __name__ == "__main__":
    sys.exit(on_quiet_machine(main))
