from __future__ import annotations

import logging

import pytest

from edgeadapt.observability import Failure
from edgeadapt.observability.sinks.log import LogSink


def test_an_event_is_a_line_with_its_kind_and_all_it_holds(caplog: pytest.LogCaptureFixture) -> None:
    sink = LogSink("some.logger", logging.INFO)
    with caplog.at_level(logging.INFO, "some.logger"):
        assert sink.wants(Failure(1.0, "profiler", "no"))
        sink.take(Failure(1.0, "profiler", "no"))
    assert caplog.record_tuples == [
        ("some.logger", logging.INFO, 'failure.v1 {"at_s": 1.0, "what": "profiler", "error": "no"}')
    ]


def test_a_logger_that_is_not_enabled_wants_nothing() -> None:
    logger = logging.getLogger("some.quiet.logger")
    logger.setLevel(logging.INFO)
    assert not LogSink(logger).wants(Failure(1.0, "profiler", "no"))
