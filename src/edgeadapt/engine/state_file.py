"""The file that carries an engine's memory over a restart: how it looks, is read and is replaced.

It holds no absolute time of the device's clock, which a reboot resets, only the wall-clock time of writing, from which
`elapsed_s` is taken.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs

from edgeadapt.engine.state_lock import StateLock
from edgeadapt.wording import shown

FORMAT = "edgeadapt-state"
VERSION = 2
# A wall clock that jumped by more than this tells nothing about a restart.
_LONGEST_ELAPSED_S = 1e9
# Hundreds of times what any policy's memory takes.
_LARGEST_BYTES = 1 << 24


class StateFileError(ValueError):
    """The file is not a state file of this engine; the message says why."""


@attrs.frozen
class Saved:
    """What was carried over: the session's snapshot, the quarantine's, variants whose activation never ended, a pin."""

    session: Mapping[str, Any] | None = None
    quarantine: Mapping[str, Any] = attrs.field(factory=dict)
    activating: tuple[str, ...] = ()
    elapsed_s: float = 0.0
    pinned: str | None = None
    pin_left_s: float | None = None
    """How long the pin lasts yet; None: until it is ended."""


class StateFile:
    """One path; written whole by a rename, so that a reader sees the old content or the new one.

    What is there and is no ordinary file (a device, a pipe, a folder) is neither read nor replaced: both raise OSError.
    """

    def __init__(
        self, path: str | os.PathLike[str], family: str, wall_clock: Callable[[], float] = time.time
    ) -> None:
        # Resolved, so that a rename replaces what a link leads to and never the link.
        self.path = os.path.realpath(os.fsdecode(path))
        self._lock = StateLock(self.path)
        self._content: dict[str, Any] | None = None
        self._family = family
        self._wall_clock = wall_clock

    def claim(self) -> str:
        """Take the file for this engine alone; empty where it is ours, else who has it.

        Raises OSError for what is no ordinary file.
        """
        with contextlib.suppress(FileNotFoundError):
            self._check_kind()
        return self._lock.take()

    def release(self) -> None:
        """Let another engine have the file."""
        self._lock.release()

    def read(self) -> Saved | None:
        """Return what was saved, None where there is no file.

        Raises StateFileError for what is no state file of this family, OSError where it can't be read.
        """
        try:
            self._check_kind()
            with open(self.path, encoding="utf-8") as file:
                text = file.read(_LARGEST_BYTES + 1)
            if len(text) > _LARGEST_BYTES:
                raise StateFileError("it is too large")
            data = json.loads(text)
        except FileNotFoundError:
            return None
        except StateFileError:
            raise
        except (ValueError, RecursionError):
            raise StateFileError("it is not JSON, or only a part of it") from None
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise StateFileError("it is not a state file")
        if data.get("version") != VERSION:
            raise StateFileError(f"it has version {shown(data.get('version'))}, not {VERSION}")
        if data.get("family") != self._family:
            raise StateFileError(f"it belongs to family {shown(data.get('family'))}, not `{self._family}`")
        return self._saved(data)

    def write(
        self,
        session: Mapping[str, Any] | None,
        quarantine: Mapping[str, Any],
        activating: Iterable[str],
        pinned: str | None = None,
        pin_left_s: float | None = None,
    ) -> None:
        """Replace the content, durably; raises OSError where that fails, and ValueError for what JSON can't hold."""
        self._content = {
            "format": FORMAT,
            "version": VERSION,
            "family": self._family,
            "saved_at_s": self._wall_clock(),
            "activating": list(activating),
            "pinned": pinned,
            "pin_left_s": pin_left_s,
            "quarantine": quarantine,
            "session": session,
        }
        self._replace(self._content)

    def note(self, activating: Iterable[str]) -> None:
        """Replace the names of the variants that are being activated, and leave the rest as old as it is.

        Does nothing before the first `write`; raises as that does.
        """
        if self._content is not None:
            self._content = {**self._content, "activating": list(activating)}
            self._replace(self._content)

    def _replace(self, content: Mapping[str, Any]) -> None:
        text = json.dumps(content, indent=1, allow_nan=False)
        with contextlib.suppress(FileNotFoundError):
            self._check_kind()
        folder, name = os.path.split(self.path)
        # A name of its own: two engines that were given one path still leave a whole file.
        descriptor, unfinished = tempfile.mkstemp(prefix=f"{name}.", suffix=".new", dir=folder)
        try:
            with open(descriptor, "w", encoding="utf-8") as file:
                file.write(text + "\n")
                file.flush()
                os.fsync(file.fileno())
            os.replace(unfinished, self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(unfinished)
            raise
        _sync_folder(folder)

    def set_aside(self) -> str | None:
        """Rename a file that can't be used, so that nothing of it is lost; its new path, None where that failed."""
        aside = f"{self.path}.unusable"
        try:
            os.replace(self.path, aside)
        except OSError:
            return None
        return aside

    def _check_kind(self) -> None:
        if not stat.S_ISREG(os.stat(self.path).st_mode):
            raise OSError(errno.EINVAL, "it is not an ordinary file", self.path)

    def _saved(self, data: Mapping[str, Any]) -> Saved:
        session, quarantine = data.get("session"), data.get("quarantine")
        activating, saved_at = data.get("activating"), data.get("saved_at_s")
        # Without the time left it is of a version that knew no such pins.
        pinned, left = data.get("pinned"), data.get("pin_left_s")
        if not (
            isinstance(session, (dict, type(None)))
            and isinstance(quarantine, dict)
            and isinstance(activating, list)
            and all(isinstance(name, str) for name in activating)
            and isinstance(pinned, (str, type(None)))
            and (left is None or (isinstance(left, (int, float)) and 0 <= left <= _LONGEST_ELAPSED_S))
            and isinstance(saved_at, (int, float))
        ):
            raise StateFileError("a part of it is missing or has another type")
        try:
            elapsed_s = self._wall_clock() - saved_at
        except OverflowError:  # an integer beyond every float
            elapsed_s = -1.0
        # NaN, too, fails the comparison.
        usable = elapsed_s if 0 <= elapsed_s <= _LONGEST_ELAPSED_S else 0.0
        left_s = None if left is None else max(0.0, left - usable)
        return Saved(session, quarantine, tuple(activating), usable, pinned, left_s)


def _sync_folder(folder: str) -> None:
    """Make a rename durable, where the system lets a folder be opened."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
