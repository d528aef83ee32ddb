"""Asks the swapper for what is wanted, once, and takes a request back that it wants no more.

It decides nothing: the controller says what is wanted, the swapper's events say what came of it.
"""

from __future__ import annotations

import contextlib

import attrs

from edgeadapt.engine.gap_watch import GapWatch
from edgeadapt.engine.journal import Journal, described
from edgeadapt.engine.revised_swapper import RevisedRequest, RevisedSwapper
from edgeadapt.engine.swap_counts import SwapCounts
from edgeadapt.errors import NotServing
from edgeadapt.observability import SwapStage
from edgeadapt.swap_codes import SWAP_PENDING, SWAP_SKIPPED_MEMORY
from edgeadapt.swapper import SwapEvent


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
    request: RevisedRequest

    @property
    def variant(self) -> str:
        """The variant that was asked for."""
        return self.wish.variant


class SwapDesk:
    """At most one request at a time; used by the control thread, `pending` may be read by any."""

    def __init__(self, swapper: RevisedSwapper, journal: Journal) -> None:
        self._swapper = swapper
        self._journal = journal
        self._counts = SwapCounts(swapper, journal)
        self._gaps = GapWatch(journal)
        self.pending: Pending | None = None

    @property
    def serving(self) -> str | None:
        """The variant that serves, maybe as it was before a reload; None in a gap."""
        return self._swapper.active_variant

    def serves(self, variant: str) -> bool:
        """Whether a variant serves as the family has it now: to ask for it would be done at once, without an event."""
        return self._swapper.serves(variant)

    def is_asked_for(self, variant: str) -> bool:
        """Whether a variant as the family has it now is what the request under way is for."""
        return self.pending is not None and self._swapper.is_for(self.pending.request, variant)

    def ask(self, wish: Wish) -> None:
        """Ask for a variant; a request that is under way for another one is superseded."""
        # A swapper that was closed meanwhile serves nothing any more, and there is nobody to tell.
        with contextlib.suppress(NotServing):
            self.pending = Pending(wish, self._swapper.swap_to(wish.variant))

    def withdraw(self) -> None:
        """Give the request under way up, so that what serves now goes on serving."""
        pending, self.pending = self.pending, None
        # One that has ended is not taken back: with nothing to cancel, a preload would be.
        if pending is not None and not pending.request.done:
            with contextlib.suppress(NotServing):
                self._swapper.cancel()

    def give_up(self) -> None:
        """Take everything back that is under way, a preload too."""
        self.pending = None
        with contextlib.suppress(NotServing):
            while self._swapper.cancel():
                pass

    def preload(self, variant: str) -> RevisedRequest:
        """Have a variant loaded beside what serves; raises NotServing once closed."""
        return self._swapper.preload(variant)

    def roll_back(self) -> RevisedRequest:
        """Ask for what served before; raises ValueError where nothing did, NotServing once closed."""
        request = self._swapper.rollback()
        self.pending = Pending(Wish(request.variant, action="rollback"), request)
        return request

    def count(self) -> None:
        """Bring the counters up to date."""
        with contextlib.suppress(NotServing):
            self._counts.update()

    def took(self, event: SwapEvent) -> Wish:
        """Count and record a swap's event, and forget the request that it ends; return who wanted the swap."""
        is_swap = event.kind != "preload"
        pending = self.pending if self.pending is not None and self.pending.variant == event.variant else None
        wish = Wish(event.variant)
        if pending is not None and is_swap:
            wish = pending.wish
        elif not is_swap:
            wish = Wish(event.variant, action="preload")
        self.count()
        if event.code == SWAP_SKIPPED_MEMORY:
            self._journal.count("memory_refusals")
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
        self._gaps.took(event)
        self._journal.record(stage, f"{event.code} `{event.variant}`{': ' + error if error else ''}")
        # An event of an older request for the same variant finds the newer one still loading.
        if event.code != SWAP_PENDING and is_swap and pending is not None and pending.request.done:
            self.pending = None
        return wish
