"""When a command does without Python's garbage collector: it took a fifth of a cold start, and freed nothing that counts."""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Leave garbage alone meanwhile: for work that makes no cycles, and loads modules, whose many objects all stay."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def end_without_collecting() -> None:
    """Let the system take the process's memory back at its end, instead of looking through all of it for garbage first."""
    atexit.register(_spare_what_is_left)


def _spare_what_is_left() -> None:
    # Native objects are counted at the end, and one that was left would be reported as a leak.
    if "edgeadapt._core" not in sys.modules:
        gc.freeze()
