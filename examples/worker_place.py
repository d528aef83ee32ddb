"""A place of a worker's own for its state file and socket: servers start several processes alike, and number none of them.

Systems with `fcntl` only, which Windows is not; without a folder none is needed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import NamedTuple


class Place(NamedTuple):
    """A worker's number, from 0 up, and its folder."""

    number: int
    folder: Path


@contextmanager
def worker_place(parent: str | None) -> Iterator[Place | None]:
    """Yield the first place in a folder that no process holds; None without a folder.

    The lock ends with the process, however that ends, so that the next one goes on with this one's state.
    """
    if not parent:
        yield None
        return
    import fcntl

    for number in count():
        folder = Path(parent) / f"worker-{number}"
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            continue
        try:
            yield Place(number, folder)
        finally:
            os.close(lock)
        return
