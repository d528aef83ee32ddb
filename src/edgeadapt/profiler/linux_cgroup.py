"""The cgroups around this process, of version 1 and 2: their folders, from the innermost one outwards."""

from __future__ import annotations

from functools import lru_cache
from pathlib import PurePath, PurePosixPath
from typing import TypeVar

_P = TypeVar("_P", bound=PurePath)

MEMBERSHIP = "/proc/self/cgroup"
_BASE = PurePosixPath("/sys/fs/cgroup")
# Where version 2 is mounted: alone, or beside version 1.
_V2_BASES = (_BASE, _BASE / "unified")


def around(base: _P, path: str) -> list[_P]:
    """List the folder of a cgroup and of those around it.

    In a container the path may be the host's, of which nothing is mounted: then only the base is there to read.
    """
    parts = PurePosixPath(path.lstrip("/")).parts
    if ".." in parts:
        return [base]
    return [base.joinpath(*parts[:depth]) for depth in range(len(parts), -1, -1)]


@lru_cache(maxsize=4)
def folders_v2(membership: str) -> tuple[str, ...]:
    """List the version 2 folders that /proc/self/cgroup's text leads to; not all of them need exist."""
    return tuple(
        str(folder)
        for controllers, path in _lines(membership)
        if controllers is None
        for base in _V2_BASES
        for folder in around(base, path)
    )


@lru_cache(maxsize=8)
def folders_v1(membership: str, controller: str) -> tuple[str, ...]:
    """List the version 1 folders of a controller likewise."""
    return tuple(
        str(folder)
        for controllers, path in _lines(membership)
        if controllers is not None and controller in controllers
        for mount in dict.fromkeys((controller, ",".join(controllers)))
        for folder in around(_BASE / mount, path)
    )


def _lines(membership: str) -> list[tuple[list[str] | None, str]]:
    """Return each hierarchy's controllers, None for version 2, and this process's path in it."""
    found: list[tuple[list[str] | None, str]] = []
    for line in membership.splitlines():
        hierarchy, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        found.append((None if hierarchy == "0" and controllers == "" else controllers.split(","), path))
    return found
