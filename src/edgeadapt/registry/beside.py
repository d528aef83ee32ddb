"""Where the family lies that a policy names: beside the policy, or in `../families`."""

from __future__ import annotations

import os

_SUFFIXES = (".yaml", ".yml")


def family_beside(folder: str, name: str) -> str | None:
    """Return the path of a family's file; None where there is none."""
    if any(char in name for char in "/\\\0"):
        return None
    for place in (folder, os.path.join(folder, os.pardir, "families")):
        for suffix in _SUFFIXES:
            path = os.path.normpath(os.path.join(place, name + suffix))
            if os.path.isfile(path):
                return path
    return None
