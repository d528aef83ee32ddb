"""`EDGEADAPT_LOG`: how much EdgeAdapt's own loggers say, and where, for whoever has not set up logging himself.

It never touches the root logger. Where a handler would get our records already, only the level is set.
"""

from __future__ import annotations

import logging
import os
import sys

from edgeadapt.observability.collector import ObservabilityCollector
from edgeadapt.observability.sinks.log import LogSink
from edgeadapt.wording import shown

LOG_VARIABLE = "EDGEADAPT_LOG"
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def set_up_logging(observability: ObservabilityCollector | None = None) -> str:
    """Set EdgeAdapt's loggers up as the variable says; return what is wrong with it, empty if nothing.

    However often it is called, there is one handler. At DEBUG, every event of `observability` is logged with all it holds.
    """
    wanted = os.environ.get(LOG_VARIABLE, "")
    if not wanted:
        return ""
    level = wanted.upper()
    if level not in LEVELS:
        return f"{LOG_VARIABLE} is one of {', '.join(LEVELS)}, not {shown(wanted)}"
    logger = logging.getLogger("edgeadapt")
    logger.setLevel(level)
    if not logger.hasHandlers():
        handler = _ToStandardError()
        handler.setFormatter(logging.Formatter(_FORMAT))
        logger.addHandler(handler)
    if observability is None or level != "DEBUG":
        return ""
    if not any(isinstance(sink, LogSink) for sink in observability.sinks):
        observability.add_sink(LogSink())
    return ""


class _ToStandardError(logging.Handler):
    """Writes to what is the standard error at that moment, which a program may replace; without one, nowhere."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        try:
            if sys.stderr is not None:
                sys.stderr.write(self.format(record) + "\n")
        except Exception:  # noqa: BLE001 - logging's own way with a stream that fails: it tells, and never raises
            self.handleError(record)
