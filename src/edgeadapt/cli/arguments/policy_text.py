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


def read_text(path: str) -> Source:
    """Read one policy; `-` is stdin. Raises PolicyFileError."""
    # Imported here: the parser takes a while to load, and is not needed to refuse a path.
    from edgeadapt.language.policy_file import MAX_BYTES, decode_policy, read_policy

    return (
        decode_policy(sys.stdin.buffer.read(MAX_BYTES + 1), "<stdin>") if path == STDIN else read_policy(path)
    )


def _is_ones_own(parent: str, name: str) -> bool:
    """Whether a folder is no copy of another tool's: a hidden one, or a Python environment, which holds our own."""
    return not name.startswith(".") and not os.path.isfile(os.path.join(parent, name, "pyvenv.cfg"))


def _walk(folder: str) -> Iterator[str | Misuse]:
    problems: list[OSError] = []
    found = False
    for parent, folders, files in os.walk(folder, onerror=problems.append):
        folders[:] = sorted(name for name in folders if _is_ones_own(parent, name))
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
