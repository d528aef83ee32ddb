"""Reading the small files under /proc and /sys: a value, or None and never an error."""

from __future__ import annotations

import re
from pathlib import Path

_INTEGER = re.compile(r"-?[0-9]{1,29}\Z", re.ASCII)
_MAX_BYTES = 1 << 20


def read_text(path: Path) -> str | None:
    """Return a file's text without surrounding blanks; None where it is missing, unreadable or refuses."""
    try:
        # Many drivers answer a read with EIO, ENODEV or EINVAL while a sensor sleeps: OSError, like a missing file.
        with open(path, "rb") as file:
            return file.read(_MAX_BYTES).decode("utf-8", "replace").strip()
    except (OSError, ValueError):
        return None


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
