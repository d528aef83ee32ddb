"""Brings events to one sink without ever making the engine wait: a bounded queue, and a thread that empties it.

Where a sink is too slow, the newest events are dropped and counted: those before them say what led here.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable

from edgeadapt.observability.events import Event
from edgeadapt.observability.sink import Sink
from edgeadapt.wording import in_words

DEFAULT_BACKLOG = 4096
_LOG = logging.getLogger("edgeadapt.observability")
# What is put into the queue: an event, a flag to set once all before it is taken, or None to end.
_Item = Event | threading.Event | None


class Courier:
    """Every method may be called by any thread; `count` adds one to a counter, by name."""

    def __init__(self, sink: Sink, count: Callable[[str], object], backlog: int = DEFAULT_BACKLOG) -> None:
        self.sink = sink
        self._count = count
        self._backlog = backlog
        # Its `put` is reentrant, as the lock is: a garbage collection inside a call can end an engine, which records.
        self._queue: queue.SimpleQueue[_Item] = queue.SimpleQueue()
        self._lock = threading.RLock()
        self._thread: threading.Thread | None = None
        self._is_closed = False
        self._last_failure = ""

    def bring(self, event: Event) -> None:
        """Have an event taken soon; never waits, never raises."""
        try:
            if self._is_closed or not self.sink.wants(event):
                return
        except Exception as error:  # noqa: BLE001 - a host's sink may fail in any way, and the engine goes on
            self._failed(error)
            return
        # Threads that ask at once may exceed the bound by their number.
        if self._queue.qsize() >= self._backlog:
            self._count("sink_events_dropped")
            return
        self._queue.put(event)
        if self._thread is None:
            self._begin()

    def flush(self, timeout_s: float) -> bool:
        """Wait until all that was brought is taken; false where that takes longer."""
        if self._thread is None or self._thread is threading.current_thread():
            return self._queue.empty()
        if self._is_closed:
            return self._ended(timeout_s)
        taken = threading.Event()
        self._queue.put(taken)
        return taken.wait(timeout_s)

    def close(self, timeout_s: float) -> bool:
        """Take what was brought, then close the sink; false where that takes longer, and it then ends alone."""
        with self._lock:
            was_closed, self._is_closed = self._is_closed, True
        if not was_closed and self._thread is None:
            self._do(self.sink.close)
        elif not was_closed:
            self._queue.put(None)
        return self._ended(timeout_s)

    def _ended(self, timeout_s: float) -> bool:
        thread = self._thread
        if thread is None:
            return True
        if thread is not threading.current_thread():
            thread.join(timeout_s)
        return not thread.is_alive()

    def _begin(self) -> None:
        with self._lock:
            if self._thread is None and not self._is_closed:
                name = f"edgeadapt-{type(self.sink).__name__}"
                thread = threading.Thread(target=self._run, name=name, daemon=True)
                thread.start()
                self._thread = thread

    def _run(self) -> None:
        while True:
            item = self._queue.get()
            if item is None:
                break
            if isinstance(item, threading.Event):
                item.set()
            else:
                self._take(item)
        self._do(self.sink.close)

    def _take(self, event: Event) -> None:
        self._do(lambda: self.sink.take(event))

    def _do(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - a host's sink may fail in any way, and the engine goes on
            self._failed(error)
        else:
            self._last_failure = ""

    def _failed(self, error: Exception) -> None:
        self._count("sink_errors")
        text = in_words(error) or type(error).__name__
        # A disk that stays full is told once, not with every event.
        if text != self._last_failure:
            self._last_failure = text
            _LOG.warning("sink %s failed: %s", type(self.sink).__name__, text)
