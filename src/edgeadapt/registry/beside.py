"""Where a policy's family lies: beside the policy, in `families` there, or in `../families`."""

from __future__ import annotations

import os
from collections.abc import Iterator

from edgeadapt.wording import nearest, shown

_SUFFIXES = (".yaml", ".yml")


def family_beside(folder: str, name: str) -> str | None:
    """Return the path of a family's file, given its name; None where there is none."""
    if any(char in name for char in "/\\\0"):
        return None
    for place in _places(folder):
        for suffix in _SUFFIXES:
            path = os.path.normpath(os.path.join(place, name + suffix))
            if os.path.isfile(path):
                return path
    return None


def families_beside(folder: str) -> Iterator[str]:
    """Yield the path of each file that may be a family's, in the order of their names."""
    for place in _places(folder):
        try:
            names = sorted(os.listdir(place or os.curdir))
        except OSError:
            continue
        for name in names:
            path = os.path.normpath(os.path.join(place, name))
            if name.endswith(_SUFFIXES) and os.path.isfile(path):
                yield path


def not_found(folder: str, name: str) -> tuple[str, str]:
    """Return what to tell of a family that is in none of these places, and the remedy, with the name that was meant."""
    stems = [os.path.splitext(os.path.basename(path))[0] for path in families_beside(folder)]
    # A file's name in the place of the family's is a slip of its own.
    stem, suffix = os.path.splitext(name)
    meant = nearest(stem if suffix in _SUFFIXES else name, stems)
    problem = f"family {shown(name)} is neither beside the policy nor in families/ or ../families"
    return problem, "give --family FILE" if meant is None else f"did you mean {shown(meant)}?"


def _places(folder: str) -> tuple[str, str, str]:
    return folder, os.path.join(folder, "families"), os.path.join(folder, os.pardir, "families")
