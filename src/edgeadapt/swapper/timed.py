"""An inference that its caller waits for only so long: a native session is stopped, any other one goes on alone."""

from __future__ import annotations

import threading
import time
from typing import Any

from edgeadapt import _core
from edgeadapt.errors import InferenceTimeout


def infer_within(swapper: _core.Swapper, inputs: Any, timeout_s: float) -> tuple[Any, str, int]:
    """Return the answer with its variant and generation; raises InferenceTimeout after `timeout_s`."""
    until = time.monotonic() + timeout_s
    lease = swapper.lease(timeout_s)
    variant, generation = lease.variant, lease.generation
    left = max(0.0, until - time.monotonic())
    if lease.is_native:
        with lease:
            return lease.infer_until(inputs, left), variant, generation
    run = _Run(lease, inputs)
    if not run.ended.wait(left):
        error = InferenceTimeout(variant, f"it took longer than {timeout_s:g} s, and goes on unheeded")
        run.blame(error)
        raise error
    if run.error is not None:
        raise run.error
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

    def blame(self, error: BaseException) -> None:
        """Count the time-out against the variant, unless the answer came at the last moment."""
        if self._lease.is_held:
            self._lease.blame(error)

    def _run(self, inputs: Any) -> None:
        try:
            with self._lease as lease:
                self.answer = lease.infer(inputs)
        except BaseException as error:  # noqa: BLE001 - the caller's thread raises it, whatever it is
            self.error = error
        finally:
            self.ended.set()
