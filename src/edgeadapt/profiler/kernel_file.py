"""Reading the small files under /proc and /sys: a value, or None and never an error."""

from __future__ import annotations

import os
import re
from pathlib import Path

_INTEGER = re.compile(r"-?[0-9]{1,29}\Z", re.ASCII)
_AT_ONCE = 1 << 16
_MAX_BYTES = 1 << 20


def read_text(path: Path) -> str | None:
    """Return a file's text without surrounding blanks; None where it is missing, unreadable or refuses."""
    try:
        # A file object would cost more than the read itself.
        descriptor = os.open(path, os.O_RDONLY)
    except (OSError, ValueError):
        return None
    try:
        # Many drivers answer a read with EIO, ENODEV or EINVAL while a sensor sleeps: OSError, like a missing file.
        data = part = os.read(descriptor, _AT_ONCE)
        # The kernel gives a long file in parts.
        while part and len(data) < _MAX_BYTES:
            part = os.read(descriptor, _AT_ONCE)
            data += part
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return data.decode("utf-8", "replace").strip()


def read_int(path: Path) -> int | None:
    """Return a file's one integer; None where there is none."""
    text = read_text(path)
    # Digits alone, as the kernel writes them: `int` would take `1_0` and other scripts' digits as well.
    return int(text) if text is not None and _INTEGER.match(text) else None


def folders(path: Path, prefix: str = "") -> list[Path]:
    """List the entries of a folder whose names start with `prefix`, sorted; empty where it is missing."""
    try:
        return sorted(entry for entry in path.iterdir() if entry.name.startswith(prefix))
    except OSError:
        return []


def numbers_by_key(text: str) -> dict[str, int]:
    """Read lines such as `MemTotal:  123 kB` or `inactive_file 123`; lines of another form are passed over."""
    values: dict[str, int] = {}
    for line in text.splitlines():
        words = line.replace(":", " ").split()
        if len(words) >= 2 and _INTEGER.match(words[1]) and not words[1].startswith("-"):
            values.setdefault(words[0], int(words[1]))
    return values
