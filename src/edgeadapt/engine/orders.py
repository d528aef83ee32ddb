"""The operator's standing order: which variant is pinned. It outlives a stop, and a restart where there is a state file."""

from __future__ import annotations


class Orders:
    """Written by the control thread; any thread may read."""

    def __init__(self) -> None:
        self.pinned: str | None = None
