"""Carries the swapper's own counts over to the engine's counters.

They are taken and not made from events: of a backlog of events some may be left out, and the sum must hold all the same.
"""

from __future__ import annotations

from edgeadapt.engine.journal import Journal
from edgeadapt.observability import Failure
from edgeadapt.swapper import HotSwapper

_COUNTERS = {
    "attempted": "swaps_attempted",
    "succeeded": "swaps_succeeded",
    "failed": "swaps_failed",
    "superseded": "swaps_superseded",
    "cancelled": "swaps_cancelled",
    "timed_out": "swaps_timed_out",
    "joined": "swaps_joined",
    "preloaded": "preloads",
    "preloads_failed": "preloads_failed",
    "rolled_back": "rollbacks",
    "gaps": "gaps",
    "unload_errors": "unload_errors",
    "untold": "swap_events_untold",
}


class SwapCounts:
    """Counts from now on: the first variant's load is no swap. Used by one thread at a time."""

    def __init__(self, swapper: HotSwapper, journal: Journal) -> None:
        self._swapper = swapper
        self._journal = journal
        self._seen = swapper.counters()

    def update(self) -> None:
        """Add what has happened since the last time."""
        now = self._swapper.counters()
        for name, counter in _COUNTERS.items():
            if now[name] != self._seen[name]:
                self._journal.count(counter, now[name] - self._seen[name])
                if name == "unload_errors":
                    failure = Failure(self._journal.now(), "unload", self._swapper.last_unload_error)
                    self._journal.record(failure)
        self._seen = now
