"""Policy files on the command line: paths, folders and `-` → texts, each of which may be unreadable by itself."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence

from edgeadapt.cli.failure import Misuse
from edgeadapt.diagnostics import Source
from edgeadapt.wording import shown

SUFFIX = ".eap"
STDIN = "-"
# The parser refuses a million characters; four bytes each is the most that UTF-8 takes.
_MAX_BYTES = 4_000_001


def policy_paths(given: Sequence[str]) -> Iterator[str | Misuse]:
    """Yield each file once, a folder's `*.eap` files in order; a Misuse for a folder that has none or can't be read."""
    seen: set[str] = set()
    for path in given:
        is_folder = path != STDIN and os.path.isdir(path)
        entries: Iterable[str | Misuse] = _walk(path) if is_folder else (path,)
        for found in entries:
            if isinstance(found, Misuse):
                yield found
            elif (key := os.path.normpath(found)) not in seen:
                seen.add(key)
                yield found


def read_policy(path: str) -> Source:
    """Read one policy; `-` is stdin. Raises Misuse with one line for whatever keeps it from being text."""
    name = "<stdin>" if path == STDIN else path
    try:
        if path == STDIN:
            data = sys.stdin.buffer.read(_MAX_BYTES)
        else:
            with open(path, "rb") as file:
                data = file.read(_MAX_BYTES)
    except IsADirectoryError:
        raise Misuse(f"{shown(name)} is a folder", "give a policy file") from None
    except (OSError, ValueError) as error:  # a NUL in the path is a ValueError
        reason = getattr(error, "strerror", None) or "this is not a path"
        raise Misuse(f"cannot read {shown(name)}: {reason.lower()}") from None
    if b"\0" in data:
        raise Misuse(f"{shown(name)} is binary, not text", f"a policy is a {SUFFIX} file in UTF-8")
    try:
        return Source(name, data.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Misuse(f"{shown(name)} is not UTF-8: see line {line}", "save the file as UTF-8") from None


def _walk(folder: str) -> Iterator[str | Misuse]:
    problems: list[OSError] = []
    found = False
    for parent, folders, files in os.walk(folder, onerror=problems.append):
        # Hidden folders hold other tools' copies, such as a version control's.
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.endswith(SUFFIX):
                found = True
                yield os.path.join(parent, name)
    for error in problems:
        yield Misuse(
            f"cannot read folder {shown(error.filename)}: {(error.strerror or 'unreadable').lower()}"
        )
    if not found and not problems:
        yield Misuse(
            f"there is no {SUFFIX} file in {shown(folder)}", "give a file, or a folder that has some"
        )
