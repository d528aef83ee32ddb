"""Many small kernel files, read again and again: through descriptors that are kept, natively, or file by file."""

from __future__ import annotations

import os
import sys
from typing import Protocol

from edgeadapt.profiler.kernel_file import (
    counters_after,
    decimal_after,
    integer,
    numbers_by_key,
    read_bytes,
    read_text,
)


class KernelFiles(Protocol):
    """Files under a root, each known by a number; what cannot be read is None and never an error."""

    @property
    def root(self) -> str:
        """The root, without a slash at its end."""

    def add(self, path: str) -> int:
        """Return the number of the file at a path from the root on, `/proc/stat`; the same one each time."""

    def path(self, file: int) -> str:
        """Return a file's path from the root on."""

    def refresh(self) -> None:
        """Begin a round: what is read from now on is as new as this call."""

    def text(self, file: int) -> str | None:
        """Return a file's text without the blanks around it."""

    def integer(self, file: int) -> int | None:
        """Return a file's one integer."""

    def numbers(self, file: int, keys: tuple[str, ...]) -> tuple[int | None, ...]:
        """Return the number of each key's first line such as `MemTotal:  123 kB`."""

    def counters(self, file: int, key: str) -> tuple[int, ...]:
        """Return the integers after the key on its first line, `cpu  12 0 3`; none where a word there is no such number."""

    def decimal(self, file: int, prefix: str) -> float | None:
        """Return the number right after the prefix's first place, such as `some avg10=`."""

    def retry(self) -> None:
        """Try again to open what was not there."""

    def close(self) -> None:
        """Free what is held."""


class PlainFiles:
    """Opens, reads and closes each file whenever it is asked for: for systems without the native reader, and its measure."""

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.root = os.fspath(root).rstrip("/")
        self._numbers: dict[str, int] = {}
        self._paths: list[str] = []

    def add(self, path: str) -> int:
        """Return the path's number."""
        number = self._numbers.setdefault(path, len(self._paths))
        if number == len(self._paths):
            self._paths.append(path)
        return number

    def path(self, file: int) -> str:
        """Return the number's path."""
        return self._paths[file]

    def refresh(self) -> None:
        """Nothing is kept that could be old."""

    def text(self, file: int) -> str | None:
        """Read the text."""
        return read_text(self.root + self._paths[file])

    def integer(self, file: int) -> int | None:
        """Read the one integer."""
        return integer(self._bytes(file))

    def numbers(self, file: int, keys: tuple[str, ...]) -> tuple[int | None, ...]:
        """Read the keys' numbers."""
        found = numbers_by_key(self._bytes(file).decode("utf-8", "replace"))
        return tuple(found.get(key) for key in keys)

    def counters(self, file: int, key: str) -> tuple[int, ...]:
        """Read the key's integers."""
        return counters_after(self._bytes(file), key.encode())

    def decimal(self, file: int, prefix: str) -> float | None:
        """Read the prefix's number."""
        return decimal_after(self._bytes(file), prefix.encode())

    def retry(self) -> None:
        """Whatever is missing is tried each time."""

    def close(self) -> None:
        """Nothing is held."""

    def _bytes(self, file: int) -> bytes:
        return read_bytes(self.root + self._paths[file]) or b""


def kernel_files(root: str | os.PathLike[str]) -> KernelFiles:
    """Return the native reader where the kernel has such files."""
    if sys.platform.startswith(("linux", "android")):
        from edgeadapt import _core

        return _core.KernelFiles(os.fspath(root))
    return PlainFiles(root)
