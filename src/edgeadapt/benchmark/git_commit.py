"""Which commit a folder's files are checked out from, read from Git's own files: Git need not be installed.

Whether the files have changed since is not told: that takes Git.
"""

from __future__ import annotations

import re
from pathlib import Path

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_LONGEST = 1 << 24


def commit_of(folder: str | Path) -> str | None:
    """Return the commit that a folder's working tree is at; None where there is none, or it can't be read."""
    try:
        for place in (found := Path(folder).resolve(), *found.parents):
            if (place / ".git").exists():
                return _commit(place / ".git")
    except (OSError, ValueError):
        return None
    return None


def _commit(git: Path) -> str | None:
    if git.is_file():  # of a worktree or a submodule
        name, _, target = _read(git).partition(":")
        if name != "gitdir":
            return None
        git = git.parent / target.strip()
    head = _read(git / "HEAD")
    if not head.startswith("ref:"):
        return _checked(head)
    reference = head.removeprefix("ref:").strip()
    # A worktree has its own HEAD, and the branches of the repository it belongs to.
    places = [git]
    if (git / "commondir").is_file():
        places.append(git / _read(git / "commondir"))
    for place in places:
        if (place / reference).is_file():
            return _checked(_read(place / reference))
    for place in places:
        if (place / "packed-refs").is_file():
            for line in _read(place / "packed-refs").splitlines():
                commit, _, name = line.partition(" ")
                if name == reference:
                    return _checked(commit)
    return None


def _read(path: Path) -> str:
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read(_LONGEST).strip()


def _checked(text: str) -> str | None:
    return text if _COMMIT.match(text) else None
