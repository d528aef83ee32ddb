from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from edgeadapt.observability import Failure, PolicyMemory, ProfileTick
from edgeadapt.observability.sinks.decision_log import FORMAT, DecisionLog
from edgeadapt.profiler.trace_reader import DECISION_LOG_FORMAT
from edgeadapt.state import DeviceState


def a_memory(number: int = 0) -> PolicyMemory:
    return PolicyMemory(0.0, "s", number, "p", "abc", {}, "f", "def")


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_file_begins_with_the_format_and_goes_on_with_events(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path / "d.jsonl")
    log.take(a_memory())
    log.take(Failure(1.0, "profiler", "no"))
    log.close()
    header, memory, failure = lines(tmp_path / "d.jsonl")
    assert header == {"format": "edgeadapt-decisions", "version": 1}
    assert (memory["kind"], failure["kind"]) == ("policy_memory.v1", "failure.v1")


def test_a_log_that_is_there_is_gone_on_with_behind_another_header(tmp_path: Path) -> None:
    for _ in range(2):
        log = DecisionLog(tmp_path / "d.jsonl")
        log.take(a_memory())
        log.close()
    assert ["format" in line for line in lines(tmp_path / "d.jsonl")] == [True, False, True, False]


def test_a_full_file_is_set_aside_at_a_memory_and_all_together_stay_bounded(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path / "d.jsonl", max_bytes=65536, keep=2)
    for number in range(8000):
        log.take(a_memory(number) if number % 5 == 0 else Failure(1.0, "profiler", "no"))
    log.close()
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["d.1.jsonl", "d.2.jsonl", "d.jsonl"]
    for file in files:
        assert file.stat().st_size <= 65536 * 1.25
        header, first, *_ = lines(file)
        assert header["format"] == FORMAT
        assert first["kind"] == "policy_memory.v1"


def test_where_no_memory_comes_the_bound_holds_all_the_same(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path / "d.jsonl", max_bytes=65536, keep=1)
    for _ in range(8000):
        log.take(Failure(1.0, "profiler", "no"))
    log.close()
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 2 * 1.25 * 65536


def test_measurements_are_left_to_the_steps() -> None:
    state = DeviceState(50.0, False, 40.0, 1000.0, 10.0, None, "good", 1.0)
    assert not DecisionLog.wants(object.__new__(DecisionLog), ProfileTick(1.0, state))


@pytest.mark.parametrize(
    ("name", "settings", "problem"),
    [
        ("d.log", {}, "named .jsonl or .ndjson"),
        ("d.jsonl", {"max_bytes": 10}, "at least 65536"),
        ("d.jsonl", {"keep": -1}, "not negative"),
    ],
)
def test_a_wrong_setting_is_refused(
    name: str, settings: dict[str, Any], problem: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=problem):
        DecisionLog(tmp_path / name, **settings)


def test_a_reader_of_traces_knows_the_format_by_the_same_name() -> None:
    assert DECISION_LOG_FORMAT == FORMAT
