"""Counters, the active variant, the device and load times as metrics of prometheus-client, an extra.

Counters are read when Prometheus asks for them; the rest is kept from events as they come.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from edgeadapt.observability.counters import COUNTERS
from edgeadapt.observability.events import EngineStarted, EngineStopped, Event, ProfileTick, SwapStage
from edgeadapt.observability.sink import Sink
from edgeadapt.state import SIGNALS, DeviceState
from edgeadapt.swap_codes import SWAP_COMMITTED, SWAP_ROLLED_BACK

_SERVES = (SWAP_COMMITTED, SWAP_ROLLED_BACK)


class PrometheusSink(Sink):
    """Registers metrics named `PREFIX_…` with `registry`, by default the one that `start_http_server` shows.

    A registry takes one such sink of a prefix: give a second engine another prefix. Raises ImportError without
    prometheus-client, and ValueError, which is its own, for names that the registry has already.
    """

    def __init__(self, registry: Any = None, *, prefix: str = "edgeadapt") -> None:
        try:
            from prometheus_client import REGISTRY, core
        except ImportError as error:
            raise ImportError(
                "metrics for Prometheus need prometheus-client; install `edgeadapt[prometheus]`"
            ) from error
        self._families = core
        self._registry = REGISTRY if registry is None else registry
        self._prefix = prefix
        self._lock = threading.Lock()
        self._counters: Callable[[], Mapping[str, int]] = dict
        self._active = ""
        self._state: DeviceState | None = None
        self._loads: dict[str, tuple[int, float]] = {}
        self._registry.register(self)

    def attach(self, counters: Callable[[], Mapping[str, int]]) -> None:
        """Learn how to read the counters."""
        self._counters = counters

    def wants(self, event: Event) -> bool:
        """Take what changes a metric."""
        return isinstance(event, (EngineStarted, EngineStopped, ProfileTick, SwapStage))

    def take(self, event: Event) -> None:
        """Keep what an event changes."""
        with self._lock:
            if isinstance(event, ProfileTick):
                self._state = event.state
            elif isinstance(event, EngineStarted):
                self._active = event.variant
            elif isinstance(event, EngineStopped):
                self._active = ""
            elif isinstance(event, SwapStage) and event.code in _SERVES:
                self._active = event.variant
                if event.code == SWAP_COMMITTED:
                    count, seconds = self._loads.get(event.variant, (0, 0.0))
                    self._loads[event.variant] = (count + 1, seconds + event.load_time_s)

    def close(self) -> None:
        """Take the metrics out of the registry."""
        self._registry.unregister(self)

    def collect(self) -> Iterator[Any]:
        """Yield every metric's present value; called by the registry, on any thread."""
        counted = self._counters()
        for name, meaning in COUNTERS.items():
            yield self._families.CounterMetricFamily(
                f"{self._prefix}_{name}", meaning, value=counted.get(name, 0)
            )
        with self._lock:
            active, state, loads = self._active, self._state, dict(self._loads)
        gauge = self._families.GaugeMetricFamily
        serving = gauge(f"{self._prefix}_active_variant", "1 for the variant that serves", labels=["variant"])
        if active:
            serving.add_metric([active], 1)
        yield serving
        signals = gauge(
            f"{self._prefix}_signal",
            "a signal of the device in the policy language's canonical unit; a word by its place in its order",
            labels=["signal"],
        )
        for name, value in _known(state):
            signals.add_metric([name], value)
        yield signals
        times = self._families.SummaryMetricFamily(
            f"{self._prefix}_load_seconds", "loads that were committed", labels=["variant"]
        )
        for variant, (count, seconds) in loads.items():
            times.add_metric([variant], count_value=count, sum_value=seconds)
        yield times


def _known(state: DeviceState | None) -> Iterator[tuple[str, float]]:
    if state is None:
        return
    for name, signal in SIGNALS.items():
        value = state.value(name)
        if value is not None:
            yield name, float(signal.words.index(value) if isinstance(value, str) else value)
