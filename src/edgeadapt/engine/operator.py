"""What the operator may ask of a running engine, each order recorded; carried out on the control thread.

An order beats the policy, which goes on stepping and takes over again with `unpin`. It also ends a quarantine: whoever
names a variant may know what mended it.
"""

from __future__ import annotations

import attrs

from edgeadapt.engine.controller import Controller
from edgeadapt.engine.journal import Journal
from edgeadapt.engine.orders import Orders
from edgeadapt.engine.quarantine import Quarantine
from edgeadapt.errors import NotServing
from edgeadapt.observability import OperatorAction


@attrs.frozen
class Signed:
    """Who gave an order and why, in the operator's own words; both may be empty."""

    who: str
    why: str


class Operator:
    """Carries out orders for one start of an engine."""

    def __init__(
        self, controller: Controller, orders: Orders, quarantine: Quarantine, journal: Journal
    ) -> None:
        self._controller = controller
        self._orders = orders
        self._quarantine = quarantine
        self._journal = journal

    def pin(self, variant: str, signed: Signed) -> None:
        """Let nothing but `variant` serve from now on; it is asked for where it does not serve yet."""
        self._record("pin", variant, signed)
        self._quarantine.cleared(variant)
        self._orders.pinned = variant
        self._controller.obey()

    def freeze(self, signed: Signed) -> None:
        """Pin what serves; raises NotServing in a gap, when nothing does."""
        variant = self._controller.serving
        if variant is None:
            raise NotServing("nothing serves that could be frozen, for one variant makes room for another")
        self._record("freeze", variant, signed)
        self._orders.pinned = variant
        self._controller.obey()

    def unpin(self, signed: Signed) -> None:
        """Let the policy choose again, from its next step on."""
        self._record("unpin", None, signed)
        self._orders.pinned = None
        self._controller.obey()

    def _record(self, action: str, variant: str | None, signed: Signed) -> None:
        self._journal.count("operator_actions")
        named = "" if variant is None else f" `{variant}`"
        by = f" by {signed.who}" if signed.who else ""
        why = f": {signed.why}" if signed.why else ""
        event = OperatorAction(self._journal.now(), action, variant, signed.who, signed.why)
        self._journal.record(event, f"operator: {action}{named}{by}{why}")
