"""What `swap_to` returns: a request to wait on."""

from __future__ import annotations

from edgeadapt import _core
from edgeadapt.swapper.arguments import timeout
from edgeadapt.swapper.event import SwapEvent


class SwapRequest:
    """One request for a variant. Several callers that asked for the same one share its end."""

    __slots__ = ("_request", "_swapper")

    def __init__(self, request: _core.Request, swapper: _core.Swapper) -> None:
        self._request = request
        self._swapper = swapper

    @property
    def variant(self) -> str:
        """The variant that was asked for."""
        return self._request.variant

    @property
    def done(self) -> bool:
        """Whether it has ended, well or not."""
        return self._request.done

    def wait(self, timeout_s: float | None = None) -> SwapEvent | None:
        """Wait until it has ended and return how; None at the time-out.

        Raises RuntimeError inside a load, for which it would wait for ever.
        """
        if not self.done and self._swapper.is_loader_thread:
            raise RuntimeError("a load cannot wait for another load: they run one after the other")
        self._request.wait(None if timeout_s is None else timeout("timeout_s", timeout_s))
        event = self._request.outcome()
        return None if event is None else SwapEvent.of(event)

    def __repr__(self) -> str:
        return f"SwapRequest({self.variant!r}, done={self.done})"
