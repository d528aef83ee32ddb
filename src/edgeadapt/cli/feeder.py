"""Sends an engine requests at a rate, on a thread of its own, and keeps count of what became of them."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque

from edgeadapt.cli.arguments.samples import Samples
from edgeadapt.engine import Engine
from edgeadapt.errors import NotServing

# Enough for percentiles; a long run must not fill the memory.
_KEPT_LATENCIES = 100_000
# Who falls behind by more leaves requests out instead of sending a burst.
_MOST_BEHIND_S = 1.0


class Feeder:
    """Requests at `rate_hz`; `served` counts answers by variant, `failed` errors by what they say.

    The counts may be read once `stop` has returned.
    """

    def __init__(self, engine: Engine, samples: Samples, rate_hz: float) -> None:
        self._engine = engine
        self._samples = samples
        self._period_s = 1.0 / rate_hz
        self._stop = threading.Event()
        # A daemon: an inference that hangs must not keep the process.
        self._thread = threading.Thread(target=self._run, name="edgeadapt-feeder", daemon=True)
        self.sent = 0
        self.served: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self.latencies_ms: deque[float] = deque(maxlen=_KEPT_LATENCIES)

    def start(self) -> None:
        """Start sending."""
        self._thread.start()

    def stop(self, timeout_s: float) -> bool:
        """Stop sending; whether the last request ended in time."""
        self._stop.set()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        due = time.monotonic()
        while not self._stop.wait(max(0.0, due - time.monotonic())):
            self._send()
            due = max(due + self._period_s, time.monotonic() - _MOST_BEHIND_S)

    def _send(self) -> None:
        number, self.sent = self.sent, self.sent + 1
        started = time.perf_counter()
        try:
            with self._engine.lease() as lease:
                self._samples.infer(lease.variant, number, lease.infer)
                variant = lease.variant
        except NotServing:
            if self._stop.is_set():
                self.sent -= 1
                return
            self.failed["nothing serves"] += 1
        except Exception as error:  # noqa: BLE001 - a backend may fail in any way; each failed request is counted and told
            self.failed[" ".join(str(error).split()) or type(error).__name__] += 1
        else:
            self.served[variant] += 1
            self.latencies_ms.append((time.perf_counter() - started) * 1e3)
