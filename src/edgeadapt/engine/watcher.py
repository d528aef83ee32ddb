"""Tells when files may have changed: a thread over watchfiles, which is an extra and imported only here.

It decides nothing about what has changed, and looks every few seconds in any case: on network file systems, and where
a folder came into being meanwhile, nobody tells.
"""

from __future__ import annotations

import importlib.util
import os
import threading
from collections.abc import Callable, Iterable

from edgeadapt.engine.watched_places import Place, watched_places

# How often the thread looks whether there was a change, or it is to end; a change is told once that long has passed without another.
_STEP_MS = 100
# For how long a file that goes on changing is waited for.
_LONGEST_MS = 1000
_LOOK_MS = 5000


def check_watchfiles() -> None:
    """Raise ImportError where watchfiles is not installed."""
    if importlib.util.find_spec("watchfiles") is None:
        raise ImportError("`watch=True` needs watchfiles; install `edgeadapt[watch]`")


class Watcher:
    """Calls `on_change`, from a thread of its own, when something happened around one of the files, and now and then."""

    def __init__(
        self,
        paths: Iterable[str],
        on_change: Callable[[], object],
        on_error: Callable[[BaseException], object],
    ) -> None:
        self._paths = tuple(paths)
        self._on_change = on_change
        self._on_error = on_error
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="edgeadapt-watch", daemon=True)
        self._thread.start()

    def close(self, timeout_s: float) -> bool:
        """End; false where that takes longer, and it then ends alone."""
        self._is_over.set()
        if self._thread is not threading.current_thread():
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._is_over.is_set():
            self._try()

    def _try(self) -> None:
        try:
            self._watch(watched_places(self._paths))
        except Exception as error:  # noqa: BLE001 - a folder that went away, or a system's limit; then it only looks
            self._on_error(error)
            self._is_over.wait(_LOOK_MS / 1000)

    def _watch(self, places: frozenset[Place]) -> None:
        """Watch until other places have to be watched, or the end."""
        from watchfiles import watch

        folders = {folder for folder, _ in places}

        # What changed before anybody watched.
        self._on_change()
        for _ in watch(
            *folders,
            # What else happens in these folders is nothing to wake for.
            watch_filter=lambda _, path: path in folders or os.path.split(path) in places,
            debounce=_LONGEST_MS,
            step=_STEP_MS,
            stop_event=self._is_over,
            rust_timeout=_LOOK_MS,
            yield_on_timeout=True,
            raise_interrupt=False,
            recursive=False,
        ):
            self._on_change()
            if watched_places(self._paths) != places:
                return
