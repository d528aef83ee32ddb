"""What the readers of Linux's files have in common: they find their files now and then, and read them often."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable

from edgeadapt.profiler.kernel_file import entries
from edgeadapt.profiler.kernel_files import KernelFiles
from edgeadapt.profiler.readings import Readings


class LinuxReader(ABC):
    """Reads a few signals; used by one thread at a time."""

    def __init__(self, files: KernelFiles) -> None:
        self._files = files
        self.look()

    def layout(self) -> Hashable:
        """Return what decides which files there are to read: once it differs, `look` is due."""
        return ()

    def look(self) -> None:  # noqa: B027 - not every reader has anything to find
        """Find out which files there are."""

    @abstractmethod
    def read(self, readings: Readings) -> None:
        """Give each of the reader's signals a value or a reason."""

    def _names(self, folder: str, prefix: str = "") -> tuple[str, ...]:
        """List a folder's entries by name."""
        return tuple(entries(self._files.root + folder, prefix))

    def _file(self, *parts: str) -> int:
        return self._files.add("/".join(parts))
