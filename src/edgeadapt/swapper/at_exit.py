"""Closes, before the interpreter goes, every swapper that its owner forgot: its threads could not call Python then."""

from __future__ import annotations

import atexit
import time
from weakref import WeakSet

from edgeadapt import _core

# For all of them together: a load that hangs must not keep the process.
_TIMEOUT_S = 2.0

_open: WeakSet[_core.Swapper] = WeakSet()


def close_at_exit(swapper: _core.Swapper) -> None:
    """Remember a swapper as long as it lives."""
    if not _open:
        # Registered again whenever the set was empty, so that it runs before what was there earlier.
        atexit.unregister(_close_all)
        atexit.register(_close_all)
    _open.add(swapper)


def _close_all() -> None:
    until = time.monotonic() + _TIMEOUT_S
    for swapper in list(_open):
        swapper.close(max(0.0, until - time.monotonic()))
