"""An inference that its caller waits for only so long: a native session is stopped, any other one goes on alone."""

from __future__ import annotations

import threading
import time
from typing import Any

from edgeadapt import _core
from edgeadapt.errors import InferenceError, InferenceTimeout
from edgeadapt.swapper.arguments import timeout

# Each one that nobody waits for any more has a thread of its own; a model that hangs must not have them without end.
MOST_LEFT_BEHIND = 16


class TimedInference:
    """The timed inferences of one swapper, and how many of those that were given up still run; for any thread."""

    def __init__(self, swapper: _core.Swapper) -> None:
        self._swapper = swapper
        self._lock = threading.Lock()
        self._left_behind = 0

    def infer(self, inputs: Any, timeout_s: float) -> tuple[Any, str, int]:
        """Return the answer with its variant and generation.

        Raises InferenceTimeout after `timeout_s`, InferenceError at once where too many that were given up still run.
        """
        timeout_s = timeout("timeout_s", timeout_s)
        until = time.monotonic() + timeout_s
        lease = self._swapper.lease(timeout_s)
        variant, generation = lease.variant, lease.generation
        try:
            answer = lease.infer_native(inputs, max(0.0, until - time.monotonic()))
            if answer is NotImplemented:
                self._refuse_crowd(variant)
                run = _Run(lease, inputs)
                threading.Thread(target=self._end, args=(run,), name="edgeadapt-infer", daemon=True).start()
        except BaseException:
            # Now: the error's traceback would keep it.
            lease.release()
            raise
        if answer is not NotImplemented:
            lease.release()
            return answer, variant, generation
        if not run.ended.wait(max(0.0, until - time.monotonic())):
            self._leave_behind(run)
            raise InferenceTimeout(variant, f"it took longer than {timeout_s:g} s, and goes on unheeded")
        if run.error is not None:
            # Not kept there: its traceback knows `run` too, and a circle would keep the inputs.
            failure, run.error = run.error, None
            raise failure
        return run.answer, variant, generation

    def _refuse_crowd(self, variant: str) -> None:
        if self._left_behind >= MOST_LEFT_BEHIND:
            raise InferenceError(
                variant,
                f"{self._left_behind} inferences that took longer than their `timeout_s` still run; another one with a "
                "`timeout_s` is begun once one of them has ended",
            )

    def _leave_behind(self, run: _Run) -> None:
        with self._lock:
            # Unless it ended at the last moment.
            run.is_left_behind = not run.ended.is_set()
            self._left_behind += run.is_left_behind

    def _end(self, run: _Run) -> None:
        run.do()
        with self._lock:
            run.ended.set()
            self._left_behind -= run.is_left_behind


class _Run:
    """One inference on a thread of its own, a daemon so that one that hangs keeps no process; it ends the lease."""

    def __init__(self, lease: _core.Lease, inputs: Any) -> None:
        self.answer: Any = None
        self.error: BaseException | None = None
        self.ended = threading.Event()
        self.is_left_behind = False
        self._lease = lease
        self._inputs = inputs

    def do(self) -> None:
        inputs, self._inputs = self._inputs, None
        try:
            with self._lease as lease:
                self.answer = lease.infer(inputs)
        except BaseException as error:  # noqa: BLE001 - the caller's thread raises it, whatever it is
            self.error = error
