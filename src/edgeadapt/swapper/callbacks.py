"""Tells a host of swaps, on the notifier's thread, in order; a callback that raises is logged and counted."""

from __future__ import annotations

import logging
from collections.abc import Callable

import attrs

from edgeadapt import _core, swap_codes
from edgeadapt.swapper.event import SwapEvent

# After each of them the old variant goes on, or is brought back after a gap.
_FAILURES = (swap_codes.SWAP_LOAD_FAILED, swap_codes.SWAP_SKIPPED_MEMORY, swap_codes.SWAP_TIMED_OUT)

_logger = logging.getLogger("edgeadapt.swapper")


@attrs.define
class Callbacks:
    """What a host wants to hear. The first variant's activation is no swap: only `on_event` hears of it."""

    on_swap_start: Callable[[str, str], object] | None = None
    on_swap_complete: Callable[[str, str], object] | None = None
    on_fallback: Callable[[str, BaseException | None], object] | None = None
    on_event: Callable[[SwapEvent], object] | None = None
    errors: int = 0

    def tell(self, native: _core.Event) -> None:
        """Call what fits the event."""
        event = SwapEvent.of(native)
        if event.previous is not None and event.kind != "preload":
            self._tell_of_swap(event, event.previous)
        self._call(self.on_event, event)

    def _tell_of_swap(self, event: SwapEvent, previous: str) -> None:
        if event.code == swap_codes.SWAP_PENDING:
            if event.kind != "recovery":
                self._call(self.on_swap_start, previous, event.variant)
        elif event.code == swap_codes.SWAP_COMMITTED:
            self._call(self.on_swap_complete, previous, event.variant)
        elif event.code in _FAILURES:
            self._call(self.on_fallback, event.variant, event.error)
        elif event.code == swap_codes.SWAP_ROLLED_BACK and event.kind == "rollback":
            if event.error is None:
                self._call(self.on_swap_complete, previous, event.variant)
            else:
                self._call(self.on_fallback, previous, event.error)

    def _call(self, callback: Callable[..., object] | None, *arguments: object) -> None:
        if callback is None:
            return
        try:
            callback(*arguments)
        except BaseException:
            self.errors += 1
            _logger.exception("a swap callback failed")
