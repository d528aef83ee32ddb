"""What the operator may ask of a running engine, each order recorded; carried out on the control thread.

An order beats the policy, which goes on stepping and takes over again with `unpin`. It also ends a quarantine: whoever
names a variant may know what mended it.
"""

from __future__ import annotations

from edgeadapt.engine.audit import Signed, record_order
from edgeadapt.engine.availability import Availability
from edgeadapt.engine.controller import Controller
from edgeadapt.engine.journal import Journal
from edgeadapt.engine.memory_holds import MemoryHolds
from edgeadapt.engine.orders import Orders
from edgeadapt.engine.quarantine import Quarantine
from edgeadapt.errors import ActivationError, NotServing
from edgeadapt.swapper import SwapRequest


class Operator:
    """Carries out orders for one start of an engine."""

    def __init__(
        self,
        controller: Controller,
        availability: Availability,
        orders: Orders,
        quarantine: Quarantine,
        holds: MemoryHolds,
        journal: Journal,
    ) -> None:
        self._controller = controller
        self._availability = availability
        self._orders = orders
        self._quarantine = quarantine
        self._holds = holds
        self._journal = journal

    def pin(self, variant: str, signed: Signed, for_s: float | None = None) -> None:
        """Let nothing but `variant` serve from now on, or for a time; it is asked for where it does not serve yet.

        Raises ActivationError for one that may not be loaded here, ValueError for one that the family lost meanwhile.
        """
        self._admit(variant)
        record_order(self._journal, "pin", variant, signed, for_s)
        self._orders.pin(variant, None if for_s is None else self._journal.now() + for_s)
        self._controller.obey()

    def freeze(self, signed: Signed) -> None:
        """Pin what serves; raises NotServing in a gap, when nothing does."""
        variant = self._controller.serving
        if variant is None:
            raise NotServing("nothing serves that could be frozen, for one variant makes room for another")
        record_order(self._journal, "freeze", variant, signed)
        self._orders.pin(variant)
        self._controller.give_up()
        self._controller.obey()

    def unpin(self, signed: Signed) -> None:
        """Let the policy choose again, from its next step on."""
        record_order(self._journal, "unpin", None, signed)
        self._orders.end()
        self._controller.obey()

    def preload(self, variant: str, signed: Signed) -> SwapRequest:
        """Have a variant loaded beside what serves; raises what `pin` raises."""
        self._admit(variant)
        record_order(self._journal, "preload", variant, signed)
        return self._controller.preload(variant)

    def roll_back(self, signed: Signed) -> SwapRequest:
        """Have the variant before serve again; raises ValueError where none did. A pin goes with it."""
        request = self._controller.roll_back()
        record_order(self._journal, "rollback", request.variant, signed)
        if self._orders.pinned is not None:
            self._orders.pin(request.variant, self._orders.until_s)
            self._controller.obey()
        return request

    def _admit(self, variant: str) -> None:
        # Whoever gave the order has looked, and a reload may have come between.
        if variant not in self._availability.family:
            raise ValueError(f"a reload has just taken `{variant}` from the family")
        self._quarantine.cleared(variant)
        self._holds.cleared(variant)
        refusal = self._availability.refusal(variant, self._journal.now())
        if refusal is not None:
            raise ActivationError(variant, "checking", refusal.reason)
