"""The operator's standing order: which variant is pinned. It outlives a stop, and a restart where there is a state file."""

from __future__ import annotations


class Orders:
    """Written by the control thread; any thread may read. `until_s` is when the pin ends by itself, None: it does not."""

    def __init__(self) -> None:
        self.pinned: str | None = None
        self.until_s: float | None = None

    def pin(self, variant: str, until_s: float | None = None) -> None:
        """Pin a variant; `until_s` is on the clock of the device states' timestamps."""
        self.pinned, self.until_s = variant, until_s

    def end(self) -> None:
        """Let the policy choose."""
        self.pinned = self.until_s = None

    def left_s(self, now_s: float) -> float | None:
        """Return how long the pin lasts yet; None for one that does not end by itself, and where there is none."""
        return None if self.until_s is None else max(0.0, self.until_s - now_s)

    def is_over(self, now_s: float) -> bool:
        """Whether the pin's time is over."""
        return self.until_s is not None and now_s >= self.until_s
