"""One engine's claim on a state file, so that two engines never overwrite each other's memory.

A lock of the system's on a file beside it, which ends with the process, however that ends. The file itself stays: to
remove it would let a third engine lock another file of the same name. Where the system can't lock, nothing is claimed.
"""

from __future__ import annotations

import contextlib
import os


class StateLock:
    """The claim on one path; used by one thread at a time.

    A child forked meanwhile, that runs no other program, keeps the claim alive when this process crashes.
    """

    def __init__(self, path: str) -> None:
        self._path = f"{path}.lock"
        self._descriptor: int | None = None

    def take(self) -> str:
        """Claim the path; empty where it is ours, or can't be locked here, else who has it."""
        if self._descriptor is not None:
            return ""
        try:
            import fcntl
        except ImportError:  # not a POSIX system
            return ""
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
        except OSError:
            # Then the file can't be written either, and that is said there.
            return ""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _holder(descriptor)
            os.close(descriptor)
            return holder
        except OSError:  # a file system without locks
            os.close(descriptor)
            return ""
        self._descriptor = descriptor
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        return ""

    def release(self) -> None:
        """Give the claim up, also where a forked child has inherited it."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)


def _holder(descriptor: int) -> str:
    with contextlib.suppress(OSError, ValueError):
        process = int(os.pread(descriptor, 32, 0))
        return "another engine of this process" if process == os.getpid() else f"process {process}"
    return "another process"
