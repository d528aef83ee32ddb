"""Tells a host of swaps, on the notifier's thread, in order; a callback that raises is logged and counted."""

from __future__ import annotations

import logging
from collections.abc import Callable

import attrs

from edgeadapt import _core, swap_codes
from edgeadapt.swapper.event import SwapEvent

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
        if event.previous is not None:
            if event.code == swap_codes.SWAP_PENDING:
                self._call(self.on_swap_start, event.previous, event.variant)
            elif event.code == swap_codes.SWAP_COMMITTED:
                self._call(self.on_swap_complete, event.previous, event.variant)
            elif event.code == swap_codes.SWAP_LOAD_FAILED:
                self._call(self.on_fallback, event.variant, event.error)
        self._call(self.on_event, event)

    def _call(self, callback: Callable[..., object] | None, *arguments: object) -> None:
        if callback is None:
            return
        try:
            callback(*arguments)
        except BaseException:
            self.errors += 1
            _logger.exception("a swap callback failed")
