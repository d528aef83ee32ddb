"""A file's new content in one stroke: whoever reads it sees the old one or the new one, whatever goes wrong."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile


def replace_file(path: str, data: bytes) -> None:
    """Write a file whole, new or not: its permissions stay, and a link stays one. Raises OSError, and then nothing changed."""
    target = os.path.realpath(path)
    try:
        found = os.stat(target)
    except FileNotFoundError:
        mode = 0o666 & ~_umask()
    else:
        if not stat.S_ISREG(found.st_mode):
            raise OSError(None, "it is no regular file", path)
        # A folder may let its files be replaced that themselves must not be written.
        with open(target, "r+b"):
            mode = stat.S_IMODE(found.st_mode)
    handle, name = tempfile.mkstemp(prefix=".", suffix="~", dir=os.path.dirname(target))
    try:
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _umask() -> int:
    # There is no way to ask for it without setting it.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
