"""Records how long nothing served, while one variant made room for another."""

from __future__ import annotations

from edgeadapt.engine.journal import Journal
from edgeadapt.observability import GapEnded
from edgeadapt.swap_codes import SWAP_COMMITTED, SWAP_GAP_BEGAN, SWAP_ROLLED_BACK
from edgeadapt.swapper import SwapEvent


class GapWatch:
    """Goes by the swapper's events; used by the control thread."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._began_s: float | None = None

    def took(self, event: SwapEvent) -> None:
        """Note that a gap begins, or record that something serves again."""
        if event.code == SWAP_GAP_BEGAN:
            self._began_s = self._journal.now()
        elif self._began_s is not None and event.code in (SWAP_COMMITTED, SWAP_ROLLED_BACK):
            now_s, began_s, self._began_s = self._journal.now(), self._began_s, None
            length_s = max(0.0, now_s - began_s)
            self._journal.record(
                GapEnded(now_s, event.variant, length_s),
                f"`{event.variant}` serves after a gap of {length_s:.3g} s",
            )
