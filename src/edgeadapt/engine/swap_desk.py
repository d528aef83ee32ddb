"""Asks the swapper for what the policy wants, once, and takes a request back that it wants no more.

It decides nothing: the controller says what is wanted, the swapper's events say what came of it.
"""

from __future__ import annotations

import contextlib

import attrs

from edgeadapt.engine.journal import Journal, described
from edgeadapt.errors import NotServing
from edgeadapt.observability import SwapStage
from edgeadapt.swap_codes import (
    SWAP_CANCELLED,
    SWAP_COMMITTED,
    SWAP_LOAD_FAILED,
    SWAP_PENDING,
    SWAP_SUPERSEDED,
    SWAP_TIMED_OUT,
)
from edgeadapt.swapper import HotSwapper, SwapEvent, SwapRequest

_COUNTERS = {
    SWAP_PENDING: "swaps_attempted",
    SWAP_COMMITTED: "swaps_succeeded",
    SWAP_LOAD_FAILED: "swaps_failed",
    SWAP_SUPERSEDED: "swaps_superseded",
    SWAP_CANCELLED: "swaps_cancelled",
    SWAP_TIMED_OUT: "swaps_timed_out",
}


@attrs.frozen
class Pending:
    """A request under way: its variant, the rule that wants it, and the swapper's own handle."""

    variant: str
    rule: str
    request: SwapRequest


class SwapDesk:
    """At most one request at a time; used by the control thread, `pending` may be read by any."""

    def __init__(self, swapper: HotSwapper, journal: Journal) -> None:
        self._swapper = swapper
        self._journal = journal
        self.pending: Pending | None = None

    @property
    def serving(self) -> str | None:
        """What serves: to ask for it would be done at once, without an event."""
        return self._swapper.active_variant

    def ask(self, variant: str, rule: str) -> None:
        """Ask for a variant; a request that is under way for another one is superseded."""
        # A swapper that was closed meanwhile serves nothing any more, and there is nobody to tell.
        with contextlib.suppress(NotServing):
            self.pending = Pending(variant, rule, self._swapper.swap_to(variant))

    def withdraw(self) -> None:
        """Give the request under way up, so that what serves now goes on serving."""
        pending, self.pending = self.pending, None
        active = self.serving
        if pending is None or active is None:
            return
        with contextlib.suppress(NotServing):
            # What serves is asked for again: that supersedes the load, and is itself done at once.
            if not self._swapper.swap_to(active).done:
                # The load was committed between the two lines above: what serves now stays, and nothing is loaded.
                self._swapper.swap_to(pending.variant)

    def took(self, event: SwapEvent) -> str:
        """Count and record a swap's event, and forget the request that it ends; the rule that wanted the swap."""
        pending = self.pending if self.pending is not None and self.pending.variant == event.variant else None
        rule = "" if pending is None else pending.rule
        counter = _COUNTERS.get(event.code)
        if counter is not None:
            self._journal.count(counter)
        error = "" if event.error is None else described(event.error)
        stage = SwapStage(
            self._journal.now(),
            event.code,
            event.variant,
            event.previous,
            event.generation,
            event.load_time_s,
            event.stage,
            error,
            rule,
        )
        self._journal.record(stage, f"{event.code} `{event.variant}`{': ' + error if error else ''}")
        # An event of an older request for the same variant finds the newer one still loading.
        if event.code != SWAP_PENDING and pending is not None and pending.request.done:
            self.pending = None
        return rule
