"""Asks the swapper for what is wanted, once, and takes a request back that it wants no more.

It decides nothing: the controller says what is wanted, the swapper's events say what came of it.
"""

from __future__ import annotations

import contextlib

import attrs

from edgeadapt.engine.journal import Journal, described
from edgeadapt.errors import NotServing
from edgeadapt.observability import SwapStage
from edgeadapt.observability.outcomes import counters_of
from edgeadapt.swap_codes import SWAP_PENDING
from edgeadapt.swapper import HotSwapper, SwapEvent, SwapRequest


@attrs.frozen
class Wish:
    """A variant, and who wants it: a rule of the policy, or an action of the operator's."""

    variant: str
    rule: str = ""
    action: str = ""

    @property
    def reason(self) -> str:
        """Who wants it, in a word."""
        return self.rule or self.action


@attrs.frozen
class Pending:
    """A request under way: what is wished, and the swapper's own handle."""

    wish: Wish
    request: SwapRequest

    @property
    def variant(self) -> str:
        """The variant that was asked for."""
        return self.wish.variant


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

    def ask(self, wish: Wish) -> None:
        """Ask for a variant; a request that is under way for another one is superseded."""
        # A swapper that was closed meanwhile serves nothing any more, and there is nobody to tell.
        with contextlib.suppress(NotServing):
            self.pending = Pending(wish, self._swapper.swap_to(wish.variant))

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

    def took(self, event: SwapEvent) -> Wish:
        """Count and record a swap's event, and forget the request that it ends; return who wanted the swap."""
        pending = self.pending if self.pending is not None and self.pending.variant == event.variant else None
        wish = Wish(event.variant) if pending is None else pending.wish
        for counter in counters_of(event.code, SwapStage.kind):
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
            wish.rule,
            wish.action,
        )
        self._journal.record(stage, f"{event.code} `{event.variant}`{': ' + error if error else ''}")
        # An event of an older request for the same variant finds the newer one still loading.
        if event.code != SWAP_PENDING and pending is not None and pending.request.done:
            self.pending = None
        return wish
