"""Keeps the latest events and all counters of one engine, or of several that share it, and hands events on to sinks.

It decides what is kept and for how long; what a sink makes of an event is the sink's.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections import deque
from collections.abc import Iterable
from typing import Any

from edgeadapt.observability.counters import COUNTERS
from edgeadapt.observability.courier import Courier
from edgeadapt.observability.events import Event
from edgeadapt.observability.sink import Sink
from edgeadapt.wording import did_you_mean, shown

DEFAULT_CAPACITY = 256
DEFAULT_FLUSH_S = 5.0
# At the interpreter's exit nobody waits for a sink that hangs.
_CLOSE_AT_EXIT_S = 1.0


class ObservabilityCollector:
    """Events in bounded rings and counters; every method may be called by any thread.

    Each kind of event has a ring of `capacity`, so a profile tick a second never pushes out yesterday's swap. Each of
    the `sinks` takes events on a thread of its own; `close` ends them, and so does the interpreter's exit.
    """

    def __init__(self, capacity: int = DEFAULT_CAPACITY, *, sinks: Iterable[Sink] = ()) -> None:
        if capacity < 1:
            raise ValueError(f"`capacity` is at least 1, not {shown(capacity)}")
        self._capacity = capacity
        # Reentrant: a garbage collection inside a call can end another engine, which then records here.
        self._lock = threading.RLock()
        self._recorded = 0
        self._rings: dict[str, deque[tuple[int, Event]]] = {}
        self._counters = dict.fromkeys(COUNTERS, 0)
        self._couriers: tuple[Courier, ...] = ()
        for sink in sinks:
            self.add_sink(sink)

    def add_sink(self, sink: Sink) -> None:
        """Hand events on to one more sink from now on; raises what its `attach` raises, TypeError for what is no sink."""
        if not isinstance(sink, Sink):
            raise TypeError(f"a sink is a Sink, not {shown(type(sink).__name__)}")
        # A sink, which may outlive it, holds no collector.
        here = weakref.ref(self)
        sink.attach(lambda: {} if (alive := here()) is None else alive.counters())
        courier = Courier(sink, lambda counter: None if (alive := here()) is None else alive.count(counter))
        with self._lock:
            self._couriers += (courier,)
        weakref.finalize(self, courier.close, _CLOSE_AT_EXIT_S)

    @property
    def has_sinks(self) -> bool:
        """Whether anybody takes what is passed on."""
        return bool(self._couriers)

    @property
    def sinks(self) -> tuple[Sink, ...]:
        """The sinks, in the order they were added."""
        return tuple(courier.sink for courier in self._couriers)

    def record(self, event: Event) -> None:
        """Keep an event, and let go of the oldest of its kind where the ring is full."""
        with self._lock:
            ring = self._rings.get(event.kind)
            if ring is None:
                ring = self._rings[event.kind] = deque(maxlen=self._capacity)
            ring.append((self._recorded, event))
            self._recorded += 1
            # Within the lock: sinks see events in the order of the rings.
            self.pass_on(event)

    def pass_on(self, event: Event) -> None:
        """Hand an event to the sinks alone, without keeping it here."""
        for courier in self._couriers:
            courier.bring(event)

    def flush(self, timeout_s: float = DEFAULT_FLUSH_S) -> bool:
        """Wait until the sinks have taken what was recorded so far; false where that takes longer."""
        until = time.monotonic() + timeout_s
        results = [courier.flush(max(0.0, until - time.monotonic())) for courier in self._couriers]
        return all(results)

    def close(self, timeout_s: float = DEFAULT_FLUSH_S) -> bool:
        """End the sinks, once they have taken what was recorded; false where that takes longer."""
        until = time.monotonic() + timeout_s
        results = [courier.close(max(0.0, until - time.monotonic())) for courier in self._couriers]
        return all(results)

    def count(self, counter: str, by: int = 1) -> None:
        """Add to a counter; raises KeyError for one that `COUNTERS` does not list."""
        with self._lock:
            if counter not in self._counters:
                raise KeyError(f"{shown(counter)} is not a counter; {did_you_mean(counter, COUNTERS)}")
            self._counters[counter] += by

    def counters(self) -> dict[str, int]:
        """Return every counter's present value."""
        with self._lock:
            return dict(self._counters)

    def events(self, kind: str | None = None) -> tuple[Event, ...]:
        """Return the kept events in the order they were recorded, of one kind or of all."""
        with self._lock:
            if kind is not None:
                return tuple(event for _, event in self._rings.get(kind, ()))
            everything = [entry for ring in self._rings.values() for entry in ring]
        everything.sort(key=lambda entry: entry[0])
        return tuple(event for _, event in everything)

    def snapshot(self) -> dict[str, Any]:
        """Return counters and kept events as plain data: `{"counters": {...}, "events": [...]}`."""
        return {"counters": self.counters(), "events": [event.as_dict() for event in self.events()]}
