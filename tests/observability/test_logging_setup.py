from __future__ import annotations

import logging
import os
import subprocess
import sys

import pytest

from edgeadapt.observability.logging_setup import set_up_logging

PROGRAM = """
import logging, sys
from edgeadapt.observability import Failure, ObservabilityCollector
from edgeadapt.observability.logging_setup import set_up_logging

if "own" in sys.argv:
    logging.basicConfig(format="own %(message)s", stream=sys.stdout)
collector = ObservabilityCollector()
for _ in range(3):
    assert set_up_logging(collector) == ""
logging.getLogger("edgeadapt.engine").info("it serves")
logging.getLogger("other").info("not ours")
collector.record(Failure(1.0, "profiler", "no"))
collector.close()
root = logging.getLogger()
assert root.level == logging.WARNING
assert len(root.handlers) == ("own" in sys.argv)
"""


def output(level: str, *arguments: str) -> tuple[str, str]:
    environment = {**os.environ, "EDGEADAPT_LOG": level}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def test_the_variable_shows_our_log_once_on_standard_error_and_leaves_the_root_logger_alone() -> None:
    out, err = output("info")
    assert out == ""
    (line,) = err.splitlines()
    assert line.endswith("INFO edgeadapt.engine: it serves")


def test_a_program_that_set_logging_up_itself_gets_the_lines_where_it_wants_them_and_once() -> None:
    assert output("INFO", "own") == ("own it serves\n", "")


def test_at_debug_every_event_is_there_with_all_it_holds() -> None:
    _, err = output("DEBUG")
    assert err.splitlines()[-1].endswith(
        'DEBUG edgeadapt.events: failure.v1 {"at_s": 1.0, "what": "profiler", "error": "no"}'
    )


def test_without_the_variable_nothing_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EDGEADAPT_LOG", raising=False)
    before = (logging.getLogger("edgeadapt").level, list(logging.getLogger("edgeadapt").handlers))
    assert set_up_logging() == ""
    assert (logging.getLogger("edgeadapt").level, logging.getLogger("edgeadapt").handlers) == before


def test_another_value_is_told_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGEADAPT_LOG", "loud")
    level = logging.getLogger("edgeadapt").level
    assert set_up_logging() == "EDGEADAPT_LOG is one of DEBUG, INFO, WARNING, ERROR, CRITICAL, not `loud`"
    assert logging.getLogger("edgeadapt").level == level
