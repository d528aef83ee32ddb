"""What a profiler may tell beyond the port: where it read each signal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable


@runtime_checkable
class TellsSources(Protocol):
    """A profiler that reads files, or the like."""

    def sources(self) -> Mapping[str, tuple[str, ...]]:
        """Say, by signal name, where the last snapshot read it, or looked for it in vain."""
