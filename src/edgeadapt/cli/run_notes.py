"""What the thread that prints a run is told: the engine's events, and notes of what else has happened."""

from __future__ import annotations

from enum import Enum, auto
from queue import SimpleQueue

from edgeadapt.observability import Event, ObservabilityCollector, ProfileTick


class Note(Enum):
    """Something beside the engine's events."""

    STARTED = auto()
    """The engine's start has ended, well or not."""
    RELOAD = auto()
    END = auto()


class Told(ObservabilityCollector):
    """Hands every event on to the thread that prints."""

    def __init__(self) -> None:
        super().__init__()
        # Its `put` may be called in a signal handler, which a plain Queue's may not.
        self.queue: SimpleQueue[Event | Note] = SimpleQueue()
        self.origin_s: float | None = None

    def record(self, event: Event) -> None:
        """Keep an event and hand it on."""
        super().record(event)
        if not isinstance(event, ProfileTick):
            self.queue.put(event)
