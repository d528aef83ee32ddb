"""The one thread that decides: it polls on a fixed schedule and does what is posted to it in between.

It knows nothing of what a poll is. Whatever raises on it is told to `on_error`, and the thread goes on.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable

Work = Callable[[], object]


class ControlThread:
    """A daemon thread with a schedule and a mailbox; `post`, `call` and `stop` are for any thread."""

    def __init__(
        self,
        poll: Work,
        interval_s: float,
        *,
        name: str,
        on_missed: Callable[[int], object],
        on_error: Callable[[BaseException], object],
    ) -> None:
        self._poll = poll
        self._interval_s = interval_s
        self._on_missed = on_missed
        self._on_error = on_error
        self._mailbox: queue.SimpleQueue[Work] = queue.SimpleQueue()
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def is_current(self) -> bool:
        """Whether the caller is on this thread."""
        return threading.current_thread() is self._thread

    @property
    def is_stopping(self) -> bool:
        """Whether it was asked to end."""
        return self._is_stopping

    def start(self) -> None:
        """Start the schedule: the first poll is one interval away."""
        self._thread.start()

    def post(self, work: Work) -> None:
        """Have something done soon, before the next poll and after what was posted earlier."""
        self._mailbox.put(work)

    def call(self, work: Work, timeout_s: float) -> bool:
        """Have something done and wait until it is; false when it was not in time, or the thread ends.

        Raises RuntimeError on this very thread, which would wait for itself.
        """
        if self.is_current:
            raise RuntimeError("a callback can't wait for the control thread, which waits for the callback")
        done = threading.Event()

        def wrapped() -> None:
            try:
                work()
            finally:
                done.set()

        if self._is_stopping:
            return False
        self.post(wrapped)
        return done.wait(timeout_s)

    def stop(self) -> None:
        """Ask the thread to end after what it is doing now."""
        self._is_stopping = True
        self.post(_nothing)

    def join(self, timeout_s: float) -> bool:
        """Wait for the end; whether the thread has ended, and so false at once on the thread itself."""
        if self.is_current:
            return False
        self._thread.join(max(0.0, timeout_s))
        return not self._thread.is_alive()

    def drain(self) -> None:
        """Do what was posted and not done; for the last one around, when the thread has ended or is the caller."""
        while True:
            try:
                work = self._mailbox.get_nowait()
            except queue.Empty:
                return
            self._do(work)

    def _run(self) -> None:
        due = time.monotonic() + self._interval_s
        while not self._is_stopping:
            try:
                work = self._mailbox.get(timeout=max(0.0, due - time.monotonic()))
            except queue.Empty:
                work = self._poll
            self._do(work)
            if work is self._poll:
                due = self._after(due)

    def _after(self, due: float) -> float:
        """Return when to poll next: a multiple of the interval after the first time, so that the schedule never drifts."""
        due += self._interval_s
        late = time.monotonic() - due
        if late < 0:
            return due
        missed = int(late / self._interval_s) + 1
        self._on_missed(missed)
        return due + missed * self._interval_s

    def _do(self, work: Work) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - even an exit asked for by a host's code must not end the control
            self._on_error(error)


def _nothing() -> None:
    """Wake the thread."""
