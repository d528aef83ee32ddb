"""A reader whose requests come at their own times, and a thread that only wants to be on time; and what they met."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

# Fewer, and the slowest hundredth is a handful of samples (MLPerf's count for a p99).
ENOUGH = 662


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the value that `percent` of the values do not exceed; NaN of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] if ordered else float("nan")


class _Regular:
    """A thread within a `with`, that does something at each multiple of a period."""

    def __init__(self, period_s: float) -> None:
        self.period_s = period_s
        self._stop = False
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        try:
            due = time.perf_counter()
            while not self._stop:
                due = self._next(due)
                wait_s = due - time.perf_counter()
                if wait_s > 0:
                    time.sleep(wait_s)
                self._at(due)
        except BaseException as error:  # noqa: BLE001 - raised again where the thread is joined
            self._error = error

    def _next(self, due: float) -> float:
        return due + self.period_s

    def _at(self, due: float) -> None:
        raise NotImplementedError

    def __enter__(self) -> Any:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop = True
        self._thread.join()
        if self._error is not None:
            raise self._error


class Reader(_Regular):
    """Asks once a period, whether or not the answer before is there: a request that had to wait says so.

    `samples` has, by request, when it was due and how long after that its answer came; in seconds.
    """

    def __init__(self, infer: Callable[[Any], Any], inputs: Any, period_s: float) -> None:
        super().__init__(period_s)
        self._infer = infer
        self._inputs = inputs
        self.samples: list[tuple[float, float]] = []

    def _at(self, due: float) -> None:
        self._infer(self._inputs)
        self.samples.append((due, time.perf_counter() - due))

    def catch_up(self) -> None:
        """Wait until a request is answered that was not due yet."""
        now = time.perf_counter()
        while self._error is None and (not self.samples or self.samples[-1][0] < now):
            time.sleep(self.period_s / 2)


class Heartbeat(_Regular):
    """Beats once a millisecond; `beats` has when, and how many seconds late."""

    def __init__(self) -> None:
        super().__init__(0.001)
        self.beats: list[tuple[float, float]] = []

    def _next(self, due: float) -> float:
        # A beat that was missed is not made up for: the one stall counts, not its echo.
        return max(due + self.period_s, time.perf_counter())

    def _at(self, due: float) -> None:
        self.beats.append((due, time.perf_counter() - due))
