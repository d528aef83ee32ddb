"""Says what happened, once, to everybody: an event, a counter and a line in the log."""

from __future__ import annotations

import logging

from edgeadapt.engine.state_clock import StateClock
from edgeadapt.errors import EdgeAdaptError
from edgeadapt.observability import Event, Failure, ObservabilityCollector
from edgeadapt.wording import in_words

_LOG = logging.getLogger("edgeadapt.engine")


class Journal:
    """Records the engine's events with their time; every method may be called by any thread."""

    def __init__(self, observability: ObservabilityCollector, clock: StateClock) -> None:
        self._observability = observability
        self._clock = clock
        self._last_failures: dict[str, str] = {}

    def now(self) -> float:
        """Return the time that an event of this moment carries."""
        return self._clock.now()

    def record(self, event: Event, text: str = "", level: int = logging.INFO) -> None:
        """Keep an event, and log `text` where there is any."""
        self._observability.record(event)
        if text:
            _LOG.log(level, "%s", text)

    def count(self, counter: str, by: int = 1) -> None:
        """Add to a counter."""
        self._observability.count(counter, by)

    def failure(self, what: str, error: BaseException | str, counter: str | None = None) -> None:
        """Record that a part failed and the engine goes on; the log gets a failure again only when it changes."""
        text = described(error)
        if counter is not None:
            self.count(counter)
        repeated = self._last_failures.get(what) == text
        self._last_failures[what] = text
        self._observability.record(Failure(self.now(), what, text))
        trace = None if repeated or isinstance(error, str) or _explains_itself(error) else error
        _LOG.log(logging.DEBUG if repeated else logging.WARNING, "%s failed: %s", what, text, exc_info=trace)

    def recovered(self, what: str) -> None:
        """Note that a part works again, so that its next failure is logged."""
        self._last_failures.pop(what, None)


def _explains_itself(error: BaseException) -> bool:
    """Whether an error is about the world and not about code: a traceback would only hide what it says."""
    return isinstance(error, (EdgeAdaptError, OSError)) and not _LOG.isEnabledFor(logging.DEBUG)


def described(error: BaseException | str) -> str:
    """Return an error as one line; one without a message by its type."""
    return error if isinstance(error, str) else in_words(error) or type(error).__name__
