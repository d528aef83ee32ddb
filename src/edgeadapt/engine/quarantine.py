"""Which variants failed, and until when they are not asked for again.

A failure keeps a variant out for a back-off that doubles with every further one, or until one of its files changes: the
model, weights that it keeps in other files, golden answers. Times are the caller's, on the clock of the device states' timestamps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from edgeadapt.engine.file_stamp import Stamp, file_stamp

FIRST_BACKOFF_S = 10.0
LONGEST_BACKOFF_S = 3600.0


@attrs.frozen
class Quarantined:
    """A variant that failed: how often in a row, why the last time, and until when it is kept out.

    `crashed`: the process ended while it was being activated. `file` is the signature of its files at the failure, None
    where there was none.
    """

    failures: int
    reason: str
    until_s: float
    crashed: bool
    file: Stamp | None


class Quarantine:
    """The variants that failed; used by one thread at a time."""

    def __init__(
        self,
        files_of: Callable[[str], tuple[str, ...]],
        *,
        first_s: float = FIRST_BACKOFF_S,
        longest_s: float = LONGEST_BACKOFF_S,
    ) -> None:
        self._files_of = files_of
        # Asked once a failure: to tell them, the model is read, which can't change meanwhile without being told so.
        self._files: dict[str, tuple[str, ...]] = {}
        self._first_s = first_s
        self._longest_s = longest_s
        self._entries: dict[str, Quarantined] = {}

    def failed(self, variant: str, reason: str, now_s: float, *, crashed: bool = False) -> Quarantined:
        """Keep a variant out from now on; the back-off doubles with each failure in a row."""
        before = self._entries.get(variant)
        self._files.pop(variant, None)
        failures = 1 if before is None else before.failures + 1
        # The exponent is bounded before it is used: a float overflows at 1024.
        backoff_s = min(self._longest_s, self._first_s * 2.0 ** min(failures - 1, 64))
        entry = Quarantined(failures, reason, now_s + backoff_s, crashed, self._signature(variant))
        self._entries = {**self._entries, variant: entry}
        return entry

    def cleared(self, variant: str) -> None:
        """Forget a variant's failures: it serves."""
        if variant in self._entries:
            self._entries = {name: entry for name, entry in self._entries.items() if name != variant}
            self._files.pop(variant, None)

    def entry(self, variant: str, now_s: float) -> Quarantined | None:
        """Return why a variant is kept out now, None where it is not.

        A back-off that ended keeps the count of failures; a changed file starts afresh.
        """
        entry = self._entries.get(variant)
        if entry is None:
            return None
        if entry.file != self._signature(variant):
            self.cleared(variant)
            return None
        return entry if now_s < entry.until_s else None

    def failures(self) -> Mapping[str, int]:
        """Return how often each variant has failed in a row."""
        return {name: entry.failures for name, entry in self._entries.items()}

    def snapshot(self, now_s: float) -> dict[str, Any]:
        """Return all failures as plain data, with the time left instead of its end."""
        return {
            name: {
                "failures": entry.failures,
                "reason": entry.reason,
                "left_s": max(0.0, entry.until_s - now_s),
                "crashed": entry.crashed,
                "file": None if entry.file is None else list(entry.file),
            }
            for name, entry in self._entries.items()
        }

    def restore(self, data: Mapping[str, Any], now_s: float, elapsed_s: float) -> None:
        """Take up what `snapshot` returned `elapsed_s` ago.

        Raises KeyError, TypeError, ValueError or OverflowError if it is not that. No variant is kept out for longer
        than by a failure now.
        """
        self._entries = {
            str(name): Quarantined(
                max(1, int(entry["failures"])),
                str(entry["reason"]),
                now_s + min(max(0.0, float(entry["left_s"]) - elapsed_s), self._longest_s),
                bool(entry["crashed"]),
                None if entry["file"] is None else tuple(int(part) for part in entry["file"]),
            )
            for name, entry in data.items()
        }

    def _signature(self, variant: str) -> Stamp | None:
        files = self._files.get(variant)
        if files is None:
            files = self._files[variant] = self._files_of(variant)
        parts = [part for path in files for part in file_stamp(path)]
        return tuple(parts) if any(parts) else None
