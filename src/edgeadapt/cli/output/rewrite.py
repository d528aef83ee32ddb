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
