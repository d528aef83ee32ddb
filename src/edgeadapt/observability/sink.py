"""The port of a sink: where events go once they are recorded."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping

from edgeadapt.observability.events import Event


class Sink(ABC):
    """Takes events, one after the other, on a thread of its own; override `take`.

    What it raises is counted as `sink_errors` and keeps nothing else from going on. `wants` picks what it is given.
    """

    def attach(self, counters: Callable[[], Mapping[str, int]]) -> None:  # noqa: B027 - a hook that most have no use for
        """Learn how to read the counters; called once, before any event."""

    def wants(self, event: Event) -> bool:  # noqa: ARG002 - a hook: without another wish it takes everything
        """Whether an event is for this sink; asked on the engine's thread, so it answers at once."""
        return True

    @abstractmethod
    def take(self, event: Event) -> None:
        """Take an event."""

    def close(self) -> None:  # noqa: B027 - a hook: many a sink has nothing to give back
        """Give back what it holds; called once, after the last event."""
