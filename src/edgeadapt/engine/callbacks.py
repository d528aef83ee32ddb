"""The host's callbacks: called on the control thread, and harmless when they raise."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from edgeadapt.engine.journal import Journal

OnSwap = Callable[[str, str], object]
OnFallback = Callable[[str, BaseException], object]


@attrs.frozen
class Callbacks:
    """What the host wants to hear: a swap starts, a swap is complete, a load failed and another variant serves."""

    on_swap_start: OnSwap | None
    on_swap_complete: OnSwap | None
    on_fallback: OnFallback | None

    def swap_started(self, journal: Journal, previous: str, variant: str) -> None:
        """Tell that `variant` is being loaded."""
        _call(journal, "on_swap_start", self.on_swap_start, previous, variant)

    def swap_completed(self, journal: Journal, previous: str, variant: str) -> None:
        """Tell that `variant` serves in place of `previous`."""
        _call(journal, "on_swap_complete", self.on_swap_complete, previous, variant)

    def fell_back(self, journal: Journal, variant: str, error: BaseException) -> None:
        """Tell that `variant` failed to load."""
        _call(journal, "on_fallback", self.on_fallback, variant, error)


def _call(journal: Journal, name: str, callback: Callable[..., object] | None, *arguments: object) -> None:
    if callback is None:
        return
    try:
        callback(*arguments)
    except BaseException as error:  # noqa: BLE001 - whatever a host's code raises, an exit included, serving goes on
        journal.failure(f"callback {name}", error, "callback_errors")
    else:
        journal.recovered(f"callback {name}")
