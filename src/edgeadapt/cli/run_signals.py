"""What signals mean to `run`: SIGINT and SIGTERM its end, the second one at once, and SIGHUP a reload.

Python's handlers run on the main thread, between two of its instructions: they leave a note, and whoever waits for notes acts.
So that they do run, the main thread waits nowhere else: `apart` is for what may hang.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

# Each part of an end is bounded; this is for what is nobody's part, as an output that nobody reads.
END_S = 10.0

_T = TypeVar("_T")


@contextmanager
def heard(on_end: Callable[[], object], on_reload: Callable[[], object]) -> Iterator[None]:
    """Call `on_end` for the first signal that asks for the end, and die of the second one; `on_reload` for a SIGHUP.

    Both are called inside a signal handler, and must not wait. Once asked to end, the process ends within END_S, with
    code 1 where it has to be made to. A SIGHUP by which a terminal says that it is gone asks for the end. Where whoever
    started us has SIGHUP ignored, as nohup does, it stays so.
    """
    terminals = [stream for stream in (0, 1, 2) if os.isatty(stream)]
    nowhere = os.open(os.devnull, os.O_WRONLY)
    is_ending = False

    def end(number: int, _frame: FrameType | None) -> None:
        nonlocal is_ending
        if is_ending:
            _die(number)
        is_ending = True
        # The one clock that needs neither a thread of Python's nor a signal; what hung where is for nobody to read.
        faulthandler.dump_traceback_later(END_S, exit=True, file=nowhere)
        on_end()

    def hang_up(number: int, frame: FrameType | None) -> None:
        if terminals and not any(map(os.isatty, terminals)):
            end(number, frame)
        else:
            on_reload()

    handlers: dict[int, Callable[[int, FrameType | None], None]]
    handlers = {signal.SIGINT: end, signal.SIGTERM: end}
    hangup = getattr(signal, "SIGHUP", None)  # Windows has none
    if hangup is not None and signal.getsignal(hangup) is not signal.SIG_IGN:
        handlers[hangup] = hang_up
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if not is_ending:
            os.close(nowhere)


def apart(work: Callable[[], _T]) -> Future[_T]:
    """Have something done on a thread that keeps nobody: the process may end before it does."""
    done: Future[_T] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is told to who asks for the result
            done.set_exception(error)

    threading.Thread(target=run, name="edgeadapt-run", daemon=True).start()
    return done


def _die(number: int) -> None:
    # As one does of a signal, so that a shell or a supervisor knows.
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)
    # A container's first process does not die of signals.
    os._exit(128 + number)
