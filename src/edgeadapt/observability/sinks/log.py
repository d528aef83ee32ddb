"""Events as lines of a log, for whoever reads a program's whole log; `EDGEADAPT_LOG=DEBUG` adds this sink by itself."""

from __future__ import annotations

import json
import logging

from edgeadapt.observability.events import Event
from edgeadapt.observability.sink import Sink

EVENTS_LOGGER = "edgeadapt.events"


class LogSink(Sink):
    """Writes each event with all that it holds, as `KIND {JSON}`, to the logger `edgeadapt.events` or another one.

    What the engine does is told in words at INFO by `edgeadapt.engine`, without this.
    """

    def __init__(self, logger: logging.Logger | str = EVENTS_LOGGER, level: int = logging.DEBUG) -> None:
        self._logger = logging.getLogger(logger) if isinstance(logger, str) else logger
        self._level = level

    def wants(self, event: Event) -> bool:  # noqa: ARG002 - the logger takes all kinds or none
        """Whether the logger would take it."""
        return self._logger.isEnabledFor(self._level)

    def take(self, event: Event) -> None:
        """Log an event."""
        data = event.as_dict()
        self._logger.log(self._level, "%s %s", data.pop("kind"), json.dumps(data))
