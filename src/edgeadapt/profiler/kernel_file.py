"""Reading the small files under /proc and /sys: a value, or None and never an error."""

from __future__ import annotations

import os
import re

_INTEGER = re.compile(rb"-?[0-9]{1,29}\Z")
_DECIMAL = re.compile(rb"[0-9]+(\.[0-9]*)?")
_MOST_DIGITS = 15
_LARGEST = (1 << 63) - 1
_AT_ONCE = 1 << 16
_MAX_BYTES = 1 << 20


def read_bytes(path: str | os.PathLike[str]) -> bytes | None:
    """Return a file's content; None where it is missing, unreadable or refuses."""
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
    return data


def read_text(path: str | os.PathLike[str]) -> str | None:
    """Return a file's text without surrounding blanks, or None likewise."""
    data = read_bytes(path)
    return None if data is None else data.strip().decode("utf-8", "replace")


def read_int(path: str | os.PathLike[str]) -> int | None:
    """Return a file's one integer; None where there is none."""
    data = read_bytes(path)
    return None if data is None else integer(data)


def integer(data: bytes) -> int | None:
    """Read one integer of at most 64 bits; None where the text is anything else."""
    word = data.strip()
    # Digits alone, as the kernel writes them: `int` would take `1_0` as well.
    value = int(word) if _INTEGER.match(word) else None
    return value if value is not None and -_LARGEST - 1 <= value <= _LARGEST else None


def entries(folder: str | os.PathLike[str], prefix: str = "") -> list[str]:
    """List the names in a folder that start with `prefix`, sorted; empty where it is missing."""
    try:
        return sorted(name for name in os.listdir(folder) if name.startswith(prefix))
    except (OSError, ValueError):
        return []


def numbers_by_key(text: str) -> dict[str, int]:
    """Read lines such as `MemTotal:  123 kB` or `inactive_file 123`; lines of another form are passed over."""
    values: dict[str, int] = {}
    for line in text.encode("utf-8", "replace").split(b"\n"):
        words = line.replace(b":", b" ").split()
        number = integer(words[1]) if len(words) >= 2 else None
        if number is not None and number >= 0:
            values.setdefault(words[0].decode("utf-8", "replace"), number)
    return values


def counters_after(data: bytes, key: bytes) -> tuple[int, ...]:
    """Read the integers after the key on its first line; none where a word there is no such number."""
    for line in data.split(b"\n"):
        words = line.replace(b":", b" ").split()
        if words[:1] == [key]:
            counters = tuple(
                value for word in words[1:] if (value := integer(word)) is not None and value >= 0
            )
            return counters if len(counters) == len(words) - 1 else ()
    return ()


def decimal_after(data: bytes, prefix: bytes) -> float | None:
    """Read the number right after the prefix's first place: at most 15 digits, and a point among them."""
    match = _DECIMAL.match(data.partition(prefix)[2])
    return float(match[0]) if match and len(match[0].replace(b".", b"")) <= _MOST_DIGITS else None
