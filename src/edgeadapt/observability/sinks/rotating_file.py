"""Lines in a file that is bounded in size: when it is full it is set aside under a number, and the oldest is removed."""

from __future__ import annotations

import contextlib
import io
import os
import stat


class RotatingFile:
    """Appends whole lines to `path`; older ones are `path` with `.1` (the latest), `.2` and so on before the suffix.

    Used by one thread, and one process. Raises OSError where the path can't be written.
    """

    def __init__(self, path: str | os.PathLike[str], keep: int) -> None:
        # Resolved now: the process may change its folder, and a link stays a link.
        self.path = os.path.realpath(os.fsdecode(path))
        self._keep = keep
        self._file: io.FileIO | None = None
        self._is_torn = False
        self.size = 0
        self._open()

    def write(self, line: str) -> None:
        """Append a line, given without its end."""
        file = self._open()
        data = (line + "\n").encode()
        # What a full disk, or a process that was killed, cut off must not swallow this line too.
        if self._is_torn:
            data = b"\n" + data
        self._is_torn = True
        written = file.write(data)
        self.size += written or 0
        if written != len(data):
            raise OSError(f"`{self.path}`: only a part of a line could be written")
        self._is_torn = False

    def rotate(self) -> None:
        """Set the file aside and begin a new one; without room for older ones, begin it anew."""
        self.close()
        for number in range(self._keep, 0, -1):
            with contextlib.suppress(FileNotFoundError):
                os.replace(self._name(number - 1), self._name(number))
        if self._keep == 0:
            with contextlib.suppress(FileNotFoundError):
                os.remove(self.path)
        self._open()

    def close(self) -> None:
        """Close the file; the next write opens it again."""
        if self._file is not None:
            file, self._file = self._file, None
            file.close()

    def _name(self, number: int) -> str:
        stem, suffix = os.path.splitext(self.path)
        return self.path if number == 0 else f"{stem}.{number}{suffix}"

    def _open(self) -> io.FileIO:
        if self._file is not None:
            return self._file
        # A pipe without a reader would hold the thread up for ever.
        if os.path.exists(self.path) and not stat.S_ISREG(os.stat(self.path).st_mode):
            raise OSError(f"`{self.path}` is not a file; give the path of one, or of none yet")
        file = io.FileIO(self.path, "ab+")
        self.size = file.seek(0, os.SEEK_END)
        if self.size:
            file.seek(-1, os.SEEK_END)
            self._is_torn = file.read(1) != b"\n"
        else:
            self._is_torn = False
        self._file = file
        return file
