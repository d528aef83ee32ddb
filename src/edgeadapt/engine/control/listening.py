"""A Unix socket that listens at a path, for this user and root alone from its first moment on.

What is at the path already is never destroyed, but for the socket of a process that is dead. A lock on the folder keeps two
processes from taking each other's new socket for such a one.
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import stat
import sys
import time
from collections.abc import Iterator

from edgeadapt.engine.control.default_path import make_default_folder
from edgeadapt.engine.control.peer import peer_of
from edgeadapt.errors import ControlSocketError

_ELSEWHERE = "give another path"
# What the system's structure for an address has room for, its last NUL left out.
_LONGEST_PATH = 107 if sys.platform == "linux" else 103
_BACKLOG = 64
_LOCK_PATIENCE_S, _LOCK_PAUSE_S = 2.0, 0.01


class Listening:
    """The socket and its file: `unlink` comes first and then `close`, so that no living socket's file is taken for dead."""

    def __init__(self, path: str, *, is_default: bool = False) -> None:
        """Listen; raises ControlSocketError with what is wrong with the path or what is there."""
        self.path = _checked(path)
        if is_default:
            make_default_folder(path)
        self.socket: socket.socket
        self._file: tuple[int, int]
        with _locked(self.path):
            _remove_dead(self.path)
            self._bind()

    def unlink(self) -> None:
        """Remove the file, but not one that has taken its place."""
        with contextlib.suppress(OSError):
            if _identity(os.lstat(self.path)) == self._file:
                os.unlink(self.path)

    def close(self) -> None:
        """End the socket, also where a forked child holds it still."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    def forget(self) -> None:
        """Let go of the socket in a forked child, where it is the parent's."""
        self.socket.close()

    def _bind(self) -> None:
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            # On Linux the file gets this mode as it is made; a umask would be one of all threads.
            with contextlib.suppress(OSError):
                os.fchmod(made.fileno(), 0o600)
            made.bind(self.path)
            found = os.lstat(self.path)
            if not stat.S_ISSOCK(found.st_mode) or found.st_uid != os.geteuid():
                raise ControlSocketError(
                    self.path, "somebody replaced it while it was made", "use a folder of your own"
                )
            if found.st_mode & 0o077:
                os.chmod(self.path, 0o600, follow_symlinks=False)
            # INVARIANT: nobody can connect before this, and so nobody but the owner and root ever.
            made.listen(_BACKLOG)
            made.setblocking(False)
        except OSError as error:
            made.close()
            raise _failure(self.path, error) from None
        except BaseException:
            made.close()
            raise
        self.socket, self._file = made, _identity(found)


def _checked(path: str) -> str:
    if not hasattr(socket, "AF_UNIX"):
        raise ControlSocketError(path, "this system's Python has no Unix sockets", "leave the socket out")
    if not path or "\0" in path:
        raise ControlSocketError(path.replace("\0", "?"), "it is no path", _ELSEWHERE)
    path = os.path.abspath(path)
    length = len(os.fsencode(path))
    if length > _LONGEST_PATH:
        remedy = "give a shorter one, in another folder"
        raise ControlSocketError(
            path, f"a socket's path has at most {_LONGEST_PATH} bytes, and this one {length}", remedy
        )
    return path


@contextlib.contextmanager
def _locked(path: str) -> Iterator[None]:
    """Keep other processes from making or removing a dead socket in the folder meanwhile."""
    import fcntl

    try:
        folder = os.open(os.path.dirname(path), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise _failure(path, error) from None
    try:
        mode = os.fstat(folder).st_mode
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            raise ControlSocketError(path, "everybody may replace files in its folder", _ELSEWHERE)
        until = time.monotonic() + _LOCK_PATIENCE_S
        while not _lock(folder):
            if time.monotonic() >= until:
                raise ControlSocketError(path, "another process locks its folder", _ELSEWHERE)
            time.sleep(_LOCK_PAUSE_S)
        yield
    finally:
        # Not by closing alone: a child forked meanwhile has the descriptor too.
        with contextlib.suppress(OSError):
            fcntl.flock(folder, fcntl.LOCK_UN)
        os.close(folder)


def _lock(folder: int) -> bool:
    import fcntl

    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True


def _remove_dead(path: str) -> None:
    """Remove the socket of a process that is dead; raises ControlSocketError for whatever else is there."""
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise _failure(path, error) from None
    if not stat.S_ISSOCK(mode):
        what = "a link" if stat.S_ISLNK(mode) else "a folder" if stat.S_ISDIR(mode) else "a file"
        raise ControlSocketError(path, f"{what} is there, which is left as it is", _ELSEWHERE)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        # A living one whose queue is full must not hold us up.
        probe.setblocking(False)
        try:
            probe.connect(path)
        except FileNotFoundError:
            return
        except ConnectionRefusedError:
            pass
        except BlockingIOError:
            raise _taken(path, None) from None
        except OSError as error:
            raise _failure(path, error) from None
        else:
            raise _taken(path, peer_of(probe).pid)
    try:
        os.unlink(path)
    except OSError as error:
        raise _failure(path, error) from None


def _taken(path: str, process: int | None) -> ControlSocketError:
    by = f"process {process}" if process else "another process"
    if process == os.getpid():
        by = "this process"
    return ControlSocketError(path, f"{by} listens there already", _ELSEWHERE)


def _failure(path: str, error: OSError) -> ControlSocketError:
    if isinstance(error, FileNotFoundError):
        return ControlSocketError(path, "its folder does not exist", "make it, or give another path")
    if isinstance(error, NotADirectoryError):
        return ControlSocketError(path, "its folder is a file", _ELSEWHERE)
    if isinstance(error, PermissionError):
        return ControlSocketError(
            path, "you may not make a socket there", "give a path in a folder of your own"
        )
    if error.errno == errno.EADDRINUSE:
        return ControlSocketError(path, "somebody made it at this very moment", _ELSEWHERE)
    return ControlSocketError(path, (error.strerror or str(error)).lower(), _ELSEWHERE)


def _identity(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino
