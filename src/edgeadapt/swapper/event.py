"""What happened to a swap request, as a value."""

from __future__ import annotations

import attrs

from edgeadapt import _core, swap_codes
from edgeadapt.errors import ActivationError, MemoryRefused

# The codes of a request's states; a request that is only accepted is still `idle`, and one whose gap begins `releasing`.
CODES = {
    "idle": swap_codes.SWAP_PENDING,
    "releasing": swap_codes.SWAP_GAP_BEGAN,
    "committed": swap_codes.SWAP_COMMITTED,
    "preloaded": swap_codes.SWAP_PRELOADED,
    "rolled_back": swap_codes.SWAP_ROLLED_BACK,
    "failed": swap_codes.SWAP_LOAD_FAILED,
    "superseded": swap_codes.SWAP_SUPERSEDED,
    "timed_out": swap_codes.SWAP_TIMED_OUT,
    "cancelled": swap_codes.SWAP_CANCELLED,
}


@attrs.frozen
class SwapEvent:
    """A request was accepted (SWAP_PENDING), lets the old variant go first (SWAP_GAP_BEGAN), or has ended (any other code).

    SWAP_ROLLED_BACK may also come without a request: after inference errors, or after a gap whose load failed.
    """

    code: str
    variant: str
    previous: str | None
    """What served before; it still does unless the code is SWAP_COMMITTED or SWAP_ROLLED_BACK, or `generation` is 0.

    With SWAP_ROLLED_BACK the variant that failed. None: nothing served.
    """
    generation: int
    """The number of what serves now; 0: nothing does."""
    load_time_s: float = 0.0
    stage: str = ""
    """Where the request was when it ended: `idle` (waiting), `checking`, `releasing`, `loading`, `warming`, `validating`."""
    error: BaseException | None = None
    """Why it failed; with SWAP_ROLLED_BACK the error that led to it, if any."""
    kind: str = "swap"
    """What the request was for: `swap`, `preload`, `rollback`, or `recovery`, the old variant's return after a gap."""

    @classmethod
    def of(cls, event: _core.Event) -> SwapEvent:
        """Make one from the native event."""
        error = event.error
        code = CODES[event.state]
        if error is None and event.reason:
            # Told by the core itself, without an error of the backend's.
            blamed = event.previous if code == swap_codes.SWAP_ROLLED_BACK else event.variant
            stage = "waiting" if event.stage == "idle" else event.stage
            error = ActivationError(blamed or event.variant, stage, event.reason)
        elif code == swap_codes.SWAP_LOAD_FAILED and isinstance(error, MemoryRefused):
            code = swap_codes.SWAP_SKIPPED_MEMORY
        return cls(
            code=code,
            variant=event.variant,
            previous=event.previous,
            generation=event.generation,
            load_time_s=event.load_time_s,
            stage=event.stage,
            error=error,
            kind=event.kind,
        )
