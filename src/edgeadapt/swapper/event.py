"""What happened to a swap request, as a value."""

from __future__ import annotations

import attrs

from edgeadapt import _core, swap_codes

# The codes of a request's states; a request that is only accepted is still `idle`.
CODES = {
    "idle": swap_codes.SWAP_PENDING,
    "committed": swap_codes.SWAP_COMMITTED,
    "failed": swap_codes.SWAP_LOAD_FAILED,
    "superseded": swap_codes.SWAP_SUPERSEDED,
    "timed_out": swap_codes.SWAP_TIMED_OUT,
    "cancelled": swap_codes.SWAP_CANCELLED,
}


@attrs.frozen
class SwapEvent:
    """A request was accepted (SWAP_PENDING), or has ended (any other code)."""

    code: str
    variant: str
    previous: str | None
    """What served before; it still does unless the code is SWAP_COMMITTED. None: nothing did."""
    generation: int
    """The number of what serves now; 0: nothing does."""
    load_time_s: float = 0.0
    stage: str = ""
    """Where the request was when it ended: `idle` (waiting), `checking`, `loading`, `warming`, `validating`."""
    error: BaseException | None = None

    @classmethod
    def of(cls, event: _core.Event) -> SwapEvent:
        """Make one from the native event."""
        return cls(
            code=CODES[event.state],
            variant=event.variant,
            previous=event.previous,
            generation=event.generation,
            load_time_s=event.load_time_s,
            stage=event.stage,
            error=event.error,
        )
