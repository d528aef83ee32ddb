"""The decision log: events as JSON lines, from which `edgeadapt dry-run POLICY --trace FILE` makes the decisions again.

A line that names the format begins each file, and each line is an event. Every file begins with a policy's memory where
it can, so that it is replayed without those before it.
"""

from __future__ import annotations

import json
import os

from edgeadapt.observability.events import Event, ProfileTick
from edgeadapt.observability.policy_events import PolicyMemory
from edgeadapt.observability.sink import Sink
from edgeadapt.observability.sinks.rotating_file import RotatingFile
from edgeadapt.wording import shown

FORMAT = "edgeadapt-decisions"
VERSION = 1
DEFAULT_BYTES = 8 << 20
DEFAULT_KEEP = 3
# A quarter of it has room for the steps between two memories.
_SMALLEST_BYTES = 1 << 16
# How much longer a full file waits for a memory to begin the next one with.
_PATIENCE = 1.25


class DecisionLog(Sink):
    """Appends events to a file; a full one is set aside, as `decisions.1.jsonl`, and `keep` such are kept.

    Together they take at most `(keep + 1) * 1.25 * max_bytes` and a line. One process writes a path. Raises OSError where
    the file can't be made, ValueError for another suffix than `.jsonl` or `.ndjson` and for a size below 64 KiB.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, max_bytes: int = DEFAULT_BYTES, keep: int = DEFAULT_KEEP
    ) -> None:
        name = os.fsdecode(path)
        if not name.lower().endswith((".jsonl", ".ndjson")):
            raise ValueError(f"a decision log is named .jsonl or .ndjson, not {shown(name)}")
        if max_bytes < _SMALLEST_BYTES:
            raise ValueError(f"`max_bytes` is at least {_SMALLEST_BYTES}, not {shown(max_bytes)}")
        if keep < 0:
            raise ValueError(f"`keep` is not negative, not {shown(keep)}")
        self._max_bytes = max_bytes
        self._file = RotatingFile(name, keep)
        # Before the first line of this process, and of each file.
        self._is_begun = False

    @property
    def path(self) -> str:
        """The file that is being written."""
        return self._file.path

    def wants(self, event: Event) -> bool:
        """Take all but measurements, which a step has too."""
        return not isinstance(event, ProfileTick)

    def take(self, event: Event) -> None:
        """Append an event."""
        line = json.dumps(event.as_dict(), allow_nan=False, separators=(",", ":"))
        if self._is_due(isinstance(event, PolicyMemory), len(line)):
            self._file.rotate()
            self._is_begun = False
        if not self._is_begun:
            self._file.write(json.dumps({"format": FORMAT, "version": VERSION}))
            self._is_begun = True
        self._file.write(line)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _is_due(self, is_beginning: bool, length: int) -> bool:
        size = self._file.size
        if is_beginning and size >= self._max_bytes:
            return True
        return size > 0 and size + length >= self._max_bytes * _PATIENCE
