"""What exists between a start and a stop, and how it ends in bounded time.

It knows nothing of the engine, so that an engine nobody holds any more is collected and its serving ended.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import TypeVar

from edgeadapt.engine.control_thread import ControlThread
from edgeadapt.engine.controller import Controller
from edgeadapt.engine.host_inputs import HostInputs
from edgeadapt.engine.inference_pool import InferencePool
from edgeadapt.engine.journal import Journal
from edgeadapt.engine.operator import Operator
from edgeadapt.engine.orders import Orders
from edgeadapt.engine.persistence import Persistence
from edgeadapt.engine.reloader import Reloader
from edgeadapt.engine.revised_swapper import RevisedSwapper
from edgeadapt.engine.revisions import plain_error
from edgeadapt.engine.watcher import Watcher
from edgeadapt.errors import InferenceError, InferenceTimeout, NotServing
from edgeadapt.observability import EngineStopped
from edgeadapt.profiler import PlatformProfiler
from edgeadapt.program import Decision
from edgeadapt.runtime.inputs import Given

_T = TypeVar("_T")

# The rest is the swapper's, for a load that hangs and readers that finish.
_CONTROL_SHARE = 0.6
_POOL_SHARE = 0.2


class Serving:
    """A swapper, a controller and its thread."""

    def __init__(
        self,
        swapper: RevisedSwapper,
        controller: Controller,
        control: ControlThread,
        operator: Operator,
        pool: InferencePool,
        reloader: Reloader,
        watcher: Watcher | None,
        *,
        inputs: HostInputs,
        orders: Orders,
        persistence: Persistence,
        journal: Journal,
        own_profiler: PlatformProfiler | None,
    ) -> None:
        self.swapper = swapper
        self.controller = controller
        self.control = control
        self.operator = operator
        self.pool = pool
        self.reloader = reloader
        self.sensor = controller.sensor
        self._watcher = watcher
        self._inputs = inputs
        self._orders = orders
        self._persistence = persistence
        self._journal = journal
        self._own_profiler = own_profiler
        self._process = os.getpid()
        self._claim = threading.Lock()
        self._is_over = threading.Event()

    @property
    def pin_left_s(self) -> float | None:
        """How long the pin lasts yet; None for one that does not end by itself, and where there is none."""
        return self._orders.left_s(self._journal.now())

    @property
    def is_here(self) -> bool:
        """Whether this process started it; a forked child has none of its threads."""
        return os.getpid() == self._process

    def report(self, values: Mapping[str, Given]) -> None:
        """Take what the host reports, at the present time."""
        self._inputs.feed(self._journal.now(), values)

    def poll(self, timeout_s: float) -> Decision | None:
        """Poll now and return the decision; raises TimeoutError where the control thread is not free in time."""
        if self.control.is_current:
            raise RuntimeError("a callback can't wait for a poll, which waits for the callback")
        return self.do("the poll", self.controller.poll, timeout_s)

    def do(self, what: str, work: Callable[[], _T], timeout_s: float) -> _T:
        """Have something done on the control thread, and return what came of it; at once on that thread itself.

        Raises TimeoutError where that thread is not free in time, and NotServing where it ends.
        """
        if self.control.is_current:
            return work()
        result: Future[_T] = Future()

        def noted() -> None:
            try:
                result.set_result(work())
            except BaseException as error:  # noqa: BLE001 - whatever it is, it is the caller's who waits
                result.set_exception(error)

        self.control.call(noted, timeout_s)
        if result.done():
            return result.result()
        if self.control.is_stopping:
            raise NotServing(f"the engine was stopped before {what} was done")
        raise TimeoutError(
            f"{what} was not done within {timeout_s:g} s, and will be later: a callback or the profiler takes long"
        )

    def unanswered(self, error: InferenceError | NotServing) -> None:
        """Count an inference that got no answer, and have its error speak of variants as the family does."""
        plain_error(error)
        if isinstance(error, InferenceTimeout):
            self._journal.count("inference_timeouts")
        elif isinstance(error, NotServing):
            self._journal.count("inferences_unserved")

    def close(self, timeout_s: float) -> bool:
        """End everything; whether all ended in time: a load or a callback that hangs ends alone, and activates nothing.

        A second caller waits for the first one, unless it is a callback that the first one waits for.
        """
        if not self.is_here:
            # A forked child has neither the threads nor a right to the state file.
            return False
        until = time.monotonic() + timeout_s
        if not self._claim.acquire(blocking=False):
            return not self.control.is_current and self._is_over.wait(timeout_s)
        try:
            return self._end(until, timeout_s)
        finally:
            self._is_over.set()

    def _end(self, until: float, timeout_s: float) -> bool:
        self.control.stop()
        beside = (self._watcher, self.controller.shadow)
        for thread in beside:
            if thread is not None:
                # Asked to end now, and waited for last.
                thread.close(0.0)
        has_ended = self.control.join(timeout_s * _CONTROL_SHARE)
        # After the swapper's end its calls would only fail: those under way come first.
        has_answered = self.pool.close(timeout_s * _POOL_SHARE)
        self.swapper.close(timeout_s=max(0.0, until - time.monotonic()))
        is_ours = has_ended or self.control.is_current
        if is_ours:
            # The swapper's last events: a load that was under way is counted as cancelled.
            self.control.drain()
            self._persistence.finish(self.controller.session)
            self.controller.release()
            if self._own_profiler is not None:
                self._own_profiler.close()
        are_over = [
            thread.close(max(0.0, until - time.monotonic())) for thread in beside if thread is not None
        ]
        is_clean = is_ours and has_answered and all(are_over)
        self._journal.record(EngineStopped(self._journal.now(), is_clean), "the engine has stopped")
        self._journal.flush(max(0.0, until - time.monotonic()))
        return is_clean
