"""What tells one state of a file from another without reading it."""

from __future__ import annotations

import os

Stamp = tuple[int, ...]


def file_stamp(path: str) -> Stamp:
    """Return device, inode, size and time of the last change, in ns, of what a path leads to; zeros where to nothing."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):  # ValueError: a path with a null character
        return (0, 0, 0, 0)
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
