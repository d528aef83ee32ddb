"""The replay's clock: stands at 0 until it is started, so that everything can be made ready before."""

from __future__ import annotations

import time


class PlayClock:
    """Seconds since `start`; any thread may read it."""

    def __init__(self) -> None:
        self._started_at: float | None = None

    def start(self) -> None:
        """Let the time run, from 0."""
        self._started_at = time.perf_counter()

    def __call__(self) -> float:
        """Return the replay's second."""
        return 0.0 if self._started_at is None else time.perf_counter() - self._started_at
