"""One process that keeps a processor as busy as its schedule says. It stands alone: it imports nothing of EdgeAdapt.

Its first input line is the schedule, JSON: pairs of a second and a share of time to be busy, 0 to 1. With the next line
the clock starts; when the input ends, as it does when the parent dies however it dies, so does the process.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time

PERIOD_S = 0.02


def _end_with_input() -> None:
    while sys.stdin.readline():
        pass
    os._exit(0)


def _burn(schedule: list[tuple[float, float]]) -> None:
    start = time.perf_counter()
    row = 0
    while True:
        period_start = time.perf_counter()
        while row + 1 < len(schedule) and schedule[row + 1][0] <= period_start - start:
            row += 1
        busy_until = period_start + PERIOD_S * schedule[row][1]
        while time.perf_counter() < busy_until:
            pass
        time.sleep(max(0.0, period_start + PERIOD_S - time.perf_counter()))


def main() -> None:
    """Read the schedule, say that it is ready, wait for the start and burn."""
    schedule = json.loads(sys.stdin.readline() or "[]")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    if schedule and sys.stdin.readline():
        threading.Thread(target=_end_with_input, daemon=True).start()
        _burn(schedule)


if __name__ == "__main__":
    # An interrupt of the terminal reaches every process of its group; the parent says when this one ends.
    import contextlib

    with contextlib.suppress(KeyboardInterrupt):
        main()
