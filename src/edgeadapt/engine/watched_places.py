"""Which entries of which folders have to be watched to see any change of what a path leads to.

A file is replaced in its folder, and a link anywhere on the way to it in the link's own, as Kubernetes swaps `..data`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

# A folder, as it is without links, and the name of an entry in it.
Place = tuple[str, str]
# As many as Linux follows.
_MOST_LINKS = 40


def watched_places(paths: Iterable[str]) -> frozenset[Place]:
    """Return the file's place and each link's on the way; where a part of a path is missing, the place of that."""
    return frozenset(place for path in paths for place in _places(path))


def _places(path: str) -> set[Place]:
    drive, rest = os.path.splitdrive(os.path.abspath(path))
    here, found, links = drive + os.sep, set[Place](), 0
    waiting = _parts(rest)
    while waiting:
        part = waiting.pop(0)
        below = os.path.normpath(os.path.join(here, part))
        if os.path.islink(below) and links < _MOST_LINKS:
            links += 1
            found.add((here, part))
            drive, target = os.path.splitdrive(os.readlink(below))
            if target.startswith(os.sep):
                here = drive + os.sep
            waiting = _parts(target) + waiting
        elif waiting and os.path.isdir(below):
            here = below
        else:
            found.add((here, part))
            break
    return found


def _parts(path: str) -> list[str]:
    return [part for part in path.split(os.sep) if part not in ("", os.curdir)]
