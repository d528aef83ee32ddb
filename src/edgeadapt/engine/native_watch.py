"""Notices that a variant serves through Python's ONNX Runtime because the native one can't, and says so once a reason."""

from __future__ import annotations

import contextlib
import logging

from edgeadapt.engine.journal import Journal
from edgeadapt.engine.revisions import plain
from edgeadapt.errors import NotServing
from edgeadapt.observability import NativeFallback
from edgeadapt.swapper import HotSwapper


class NativeWatch:
    """Looks at what was committed; used by one thread at a time."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._said: set[str] = set()

    def look_at(self, variant: str, swapper: HotSwapper) -> None:
        """Look at the backend that serves."""
        # Another commit, or the end, may have come meanwhile, and is looked at in its turn.
        with contextlib.suppress(NotServing), swapper.lease() as lease:
            # Backends of other runtimes have no such thing.
            if plain(lease.variant) == variant and getattr(lease.backend, "activation", None) == "python":
                self._say(variant, str(lease.backend.activation_reason))

    def _say(self, variant: str, reason: str) -> None:
        if reason in self._said:
            return
        self._said.add(reason)
        self._journal.count("native_fallbacks")
        event = NativeFallback(self._journal.now(), variant, reason)
        text = f"`{variant}` runs through Python's ONNX Runtime: {reason}"
        self._journal.record(event, text, logging.WARNING)
