"""The file that carries an engine's memory over a restart: how it looks, is read and is replaced.

It holds no absolute time of the device's clock, which a reboot resets, only the wall-clock time of writing, from which
`elapsed_s` is taken.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Callable, Mapping
from typing import Any

import attrs

from edgeadapt.wording import shown

FORMAT = "edgeadapt-state"
VERSION = 1
# A wall clock that jumped by more than this tells nothing about a restart.
_LONGEST_ELAPSED_S = 1e9


class StateFileError(ValueError):
    """The file is not a state file of this engine; the message says why."""


@attrs.frozen
class Saved:
    """What was carried over: the session's snapshot, the quarantine's, and a variant whose activation never ended."""

    session: Mapping[str, Any] | None = None
    quarantine: Mapping[str, Any] = attrs.field(factory=dict)
    activating: str | None = None
    elapsed_s: float = 0.0


class StateFile:
    """One path; written whole by a rename, so that a reader sees the old content or the new one."""

    def __init__(
        self, path: str | os.PathLike[str], family: str, wall_clock: Callable[[], float] = time.time
    ) -> None:
        self.path = os.fspath(path)
        self._family = family
        self._wall_clock = wall_clock

    def read(self) -> Saved | None:
        """Return what was saved, None where there is no file.

        Raises StateFileError for what is no state file of this family, OSError where it can't be read.
        """
        try:
            with open(self.path, encoding="utf-8") as file:
                data = json.load(file)
        except FileNotFoundError:
            return None
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
        self, session: Mapping[str, Any] | None, quarantine: Mapping[str, Any], activating: str | None
    ) -> None:
        """Replace the content, durably; raises OSError where that fails, and ValueError for what JSON can't hold."""
        content = {
            "format": FORMAT,
            "version": VERSION,
            "family": self._family,
            "saved_at_s": self._wall_clock(),
            "activating": activating,
            "quarantine": quarantine,
            "session": session,
        }
        text = json.dumps(content, indent=1, allow_nan=False)
        unfinished = f"{self.path}.new"
        with open(unfinished, "w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, self.path)
        _sync_folder(os.path.dirname(os.path.abspath(self.path)))

    def set_aside(self) -> str | None:
        """Rename a file that can't be used, so that nothing of it is lost; its new path, None where that failed."""
        aside = f"{self.path}.unusable"
        try:
            os.replace(self.path, aside)
        except OSError:
            return None
        return aside

    def _saved(self, data: Mapping[str, Any]) -> Saved:
        session, quarantine = data.get("session"), data.get("quarantine")
        activating, saved_at = data.get("activating"), data.get("saved_at_s")
        if not (
            isinstance(session, (dict, type(None)))
            and isinstance(quarantine, dict)
            and isinstance(activating, (str, type(None)))
            and isinstance(saved_at, (int, float))
        ):
            raise StateFileError("a part of it is missing or has another type")
        elapsed_s = self._wall_clock() - saved_at
        # NaN, too, fails the comparison.
        usable = elapsed_s if 0 <= elapsed_s <= _LONGEST_ELAPSED_S else 0.0
        return Saved(session, quarantine, activating, usable)


def _sync_folder(folder: str) -> None:
    """Make a rename durable, where the system lets a folder be opened."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
