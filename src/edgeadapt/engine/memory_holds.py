"""Which variants were refused for want of memory, and until when they are not asked for again.

Memory comes back as it went, and the variant is not to blame: the time is short and does not grow. Times are the
caller's, on the clock of the device states' timestamps.
"""

from __future__ import annotations

HOLD_S = 5.0


class MemoryHolds:
    """Used by one thread at a time."""

    def __init__(self, hold_s: float = HOLD_S) -> None:
        self._hold_s = hold_s
        self._held: dict[str, tuple[str, float]] = {}

    def refused(self, variant: str, reason: str, now_s: float) -> None:
        """Keep a variant out for a while."""
        self._held[variant] = (reason, now_s + self._hold_s)

    def cleared(self, variant: str) -> None:
        """Let a variant be asked for again."""
        self._held.pop(variant, None)

    def reason(self, variant: str, now_s: float) -> str:
        """Return why a variant is kept out now; empty where it is not."""
        reason, until_s = self._held.get(variant, ("", now_s))
        return reason if now_s < until_s else ""
