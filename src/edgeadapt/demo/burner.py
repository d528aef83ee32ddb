"""Other applications' work, for real: processes that compete for the processors as the recorded day says.

They are processes, not threads, so that they take processor time and never Python's lock.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

# Five more that want each processor while the day says that tasks wait for one.
WAITING_PER_CORE = 5
_PROGRAM = Path(__file__).with_name("burner_process.py")
_END_TIMEOUT_S = 5.0

Load = Sequence[tuple[float, float, float]]


class Burner:
    """Burner processes within a `with`: made ready on entering, started by `start`, gone on leaving.

    `load` has rows of a second, the share of time each processor is busy, and the share of time that tasks wait for
    it, both 0 to 1. Each processor gets one process that follows the first, and some that follow the second.
    """

    def __init__(self, load: Load, cores: int) -> None:
        busy = json.dumps([(at_s, share) for at_s, share, _ in load])
        waiting = json.dumps([(at_s, share) for at_s, _, share in load])
        self._schedules = [busy] * cores + [waiting] * (cores * WAITING_PER_CORE)
        self._processes: list[subprocess.Popen[str]] = []

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes' ids."""
        return tuple(process.pid for process in self._processes)

    def __enter__(self) -> Burner:  # noqa: PYI034 - typing.Self is newer than Python 3.10
        try:
            for schedule in self._schedules:
                process = subprocess.Popen(
                    [sys.executable, "-I", "-S", str(_PROGRAM)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    text=True,
                )
                self._processes.append(process)
                self._tell(process, schedule)
            for process in self._processes:
                assert process.stdout is not None
                process.stdout.readline()
        except BaseException:
            self._end()
            raise
        return self

    def start(self) -> None:
        """Start every schedule's clock, now."""
        for process in self._processes:
            self._tell(process, "go")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _tell(self, process: subprocess.Popen[str], line: str) -> None:
        assert process.stdin is not None
        # A process that somebody ended is a lighter load, no reason to fail.
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(line + "\n")
            process.stdin.flush()

    def _end(self) -> None:
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait(_END_TIMEOUT_S)
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(BrokenPipeError):
                    if pipe is not None:
                        pipe.close()
        self._processes = []
