"""The threads that `ainfer` runs on: few, made when first needed, and ended with the engine in bounded time.

Not a ThreadPoolExecutor: the interpreter joins its threads at exit without a bound, and one inference that hangs would
keep the process for ever.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from typing import Any

from edgeadapt.errors import NotServing

_ENDED = "the engine was stopped before the inference had an answer"

_Work = tuple["Future[Any]", Callable[[], Any]]


class InferencePool:
    """Runs inferences in the order they come, on as many threads as there are processors and two at least."""

    def __init__(self, name: str, size: int | None = None) -> None:
        self._name = name
        self._size = max(2, _processors()) if size is None else size
        self._lock = threading.Lock()
        self._mailbox: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._unfinished: set[Future[Any]] = set()
        self._is_over = False

    def submit(self, call: Callable[[], Any]) -> Future[Any]:
        """Have a call made soon; raises NotServing once closed, RuntimeError where no thread can be started."""
        future: Future[Any] = Future()
        with self._lock:
            if self._is_over:
                raise NotServing(_ENDED)
            if len(self._threads) < min(self._size, len(self._unfinished) + 1):
                self._start_thread()
            self._unfinished.add(future)
            self._mailbox.put((future, call))
        return future

    def _start_thread(self) -> None:
        thread = threading.Thread(target=self._run, name=f"{self._name}-{len(self._threads)}", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            # The system has no more; those that run answer one call after the other.
            if not self._threads:
                raise
        else:
            self._threads.append(thread)

    def close(self, timeout_s: float) -> bool:
        """Take no more calls, and give those under way the time to end; whether all threads have.

        A call without an answer by then raises NotServing in its caller.
        """
        until = time.monotonic() + timeout_s
        with self._lock:
            self._is_over = True
            threads = tuple(self._threads)
        for _ in threads:
            self._mailbox.put(None)
        for thread in threads:
            if thread is not threading.current_thread():
                thread.join(max(0.0, until - time.monotonic()))
        with self._lock:
            left = tuple(self._unfinished)
        for future in left:
            _give_up(future)
        return not any(thread.is_alive() for thread in threads)

    def _run(self) -> None:
        while (work := self._mailbox.get()) is not None:
            future, call = work
            if self._begins(future):
                _answer(future, call)
            with self._lock:
                self._unfinished.discard(future)
            # A thread that waits must keep no model's answer alive.
            del work, future, call

    def _begins(self, future: Future[Any]) -> bool:
        """Whether somebody still waits for a call; after a close nothing is begun any more."""
        with self._lock:
            if not self._is_over:
                return future.set_running_or_notify_cancel()
        _give_up(future)
        return False


def _answer(future: Future[Any], call: Callable[[], Any]) -> None:
    # Given up meanwhile: the answer comes too late.
    with suppress(InvalidStateError):
        try:
            answer = call()
        except BaseException as error:  # noqa: BLE001 - a backend may raise anything, and its caller gets it
            future.set_exception(error)
        else:
            future.set_result(answer)


def _give_up(future: Future[Any]) -> None:
    with suppress(InvalidStateError):
        future.set_exception(NotServing(_ENDED))


def _processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except (AttributeError, OSError):  # not every system has it
        return os.cpu_count() or 1
