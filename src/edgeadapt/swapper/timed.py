"""An inference that its caller waits for only so long: a native session is stopped, any other one goes on alone."""

from __future__ import annotations

import threading
import time
from typing import Any

from edgeadapt import _core
from edgeadapt.errors import InferenceTimeout


def infer_within(swapper: _core.Swapper, inputs: Any, timeout_s: float) -> tuple[Any, str, int]:
    """Return the answer with its variant and generation; raises InferenceTimeout after `timeout_s`."""
    if not timeout_s >= 0:
        raise ValueError("`timeout_s` is a number of seconds, not negative")
    until = time.monotonic() + min(timeout_s, threading.TIMEOUT_MAX)
    lease = swapper.lease(timeout_s)
    variant, generation = lease.variant, lease.generation
    try:
        answer = lease.infer_native(inputs, max(0.0, until - time.monotonic()))
    except BaseException:
        # Now: the error's traceback would keep it.
        lease.release()
        raise
    if answer is not NotImplemented:
        lease.release()
        return answer, variant, generation
    run = _Run(lease, inputs)
    if not run.ended.wait(max(0.0, until - time.monotonic())):
        error = InferenceTimeout(variant, f"it took longer than {timeout_s:g} s, and goes on unheeded")
        # Unless the answer came at the last moment.
        lease.blame(error)
        raise error
    if run.error is not None:
        # Not kept there: its traceback knows `run` too, and a circle would keep the inputs.
        failure, run.error = run.error, None
        raise failure
    return run.answer, variant, generation


class _Run:
    """One inference on a thread of its own, which ends the lease when it is over."""

    def __init__(self, lease: _core.Lease, inputs: Any) -> None:
        self.answer: Any = None
        self.error: BaseException | None = None
        self.ended = threading.Event()
        self._lease = lease
        # A daemon: one that hangs must not keep the process.
        threading.Thread(target=self._run, args=(inputs,), name="edgeadapt-infer", daemon=True).start()

    def _run(self, inputs: Any) -> None:
        try:
            with self._lease as lease:
                self.answer = lease.infer(inputs)
        except BaseException as error:  # noqa: BLE001 - the caller's thread raises it, whatever it is
            self.error = error
        finally:
            self.ended.set()
