"""Keeps the latest events and all counters of one engine, or of several that share it.

It decides what is kept and for how long; it knows nothing of where events go from here.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

from edgeadapt.observability.counters import COUNTERS
from edgeadapt.observability.events import Event
from edgeadapt.wording import did_you_mean, shown

DEFAULT_CAPACITY = 256


class ObservabilityCollector:
    """Events in bounded rings and counters; every method may be called by any thread.

    Each kind of event has a ring of `capacity`, so a profile tick a second never pushes out yesterday's swap.
    """

    def __init__(self, capacity: int = DEFAULT_CAPACITY) -> None:
        if capacity < 1:
            raise ValueError(f"`capacity` is at least 1, not {shown(capacity)}")
        self._capacity = capacity
        # Reentrant: a garbage collection inside a call can end another engine, which then records here.
        self._lock = threading.RLock()
        self._recorded = 0
        self._rings: dict[str, deque[tuple[int, Event]]] = {}
        self._counters = dict.fromkeys(COUNTERS, 0)

    def record(self, event: Event) -> None:
        """Keep an event, and let go of the oldest of its kind where the ring is full."""
        with self._lock:
            ring = self._rings.get(event.kind)
            if ring is None:
                ring = self._rings[event.kind] = deque(maxlen=self._capacity)
            ring.append((self._recorded, event))
            self._recorded += 1

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
