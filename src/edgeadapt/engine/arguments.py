"""What a host may hand to an engine, checked before anything is made of it: a wrong kind is told by its name."""

from __future__ import annotations

import os

from edgeadapt.swapper.arguments import check_callable
from edgeadapt.wording import shown


def check_kind(name: str, value: object, kind: type) -> None:
    """Raise TypeError for what is neither None nor of the kind wanted."""
    if value is not None and not isinstance(value, kind):
        article = "an" if kind.__name__[0] in "AEIOU" else "a"
        raise TypeError(f"`{name}` is {article} {kind.__name__}, not {shown(value)}")


def check_callables(**given: object) -> None:
    """Raise TypeError for the first that is neither None nor callable."""
    for name, value in given.items():
        check_callable(name, value)


def state_file_path(value: object) -> str | None:
    """Return a state file's path; raises TypeError or ValueError for what is none."""
    if value is None:
        return None
    if not isinstance(value, (str, bytes, os.PathLike)):
        raise TypeError(f"`state_file` is a path, not {shown(value)}")
    path = os.fsdecode(value)
    if not path or "\0" in path:
        raise ValueError(f"`state_file` is the path of a file, not {shown(path)}")
    # Resolved now: the process may change its folder before the first write.
    return os.path.realpath(path)
