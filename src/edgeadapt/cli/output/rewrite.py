"""A file's new content in one stroke: whoever reads it sees the old one or the new one, whatever goes wrong."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile


def rewrite(path: str, data: bytes) -> None:
    """Replace a file's content and keep its permissions; a link stays one. Raises OSError, and then nothing changed."""
    target = os.path.realpath(path)
    mode = stat.S_IMODE(os.stat(target).st_mode)
    # A folder may let its files be replaced that themselves must not be written.
    with open(target, "r+b"):
        pass
    _replace(target, data, mode)


def put(path: str, data: bytes) -> None:
    """Write a file, new or not, as `rewrite` does; what is no file, such as a device, is written to as it is."""
    target = os.path.realpath(path)
    if os.path.isfile(target):
        rewrite(target, data)
    elif os.path.exists(target):
        with open(target, "wb") as file:
            file.write(data)
    else:
        _replace(target, data, 0o666 & ~_umask())


def _umask() -> int:
    # There is no way to ask for it without setting it.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _replace(target: str, data: bytes, mode: int) -> None:
    handle, name = tempfile.mkstemp(prefix=".", suffix=".eap~", dir=os.path.dirname(target))
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
