from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeadapt.errors import TraceError
from edgeadapt.observability import Failure, PolicyCommitted, PolicyMemory, PolicyStep
from edgeadapt.observability.sinks.decision_log import DecisionLog
from edgeadapt.profiler.trace_reader import read_trace
from edgeadapt.program.decision import Decision
from edgeadapt.program.status import VariantStatus
from edgeadapt.replay.decision_log import is_decision_log, read_decision_log
from edgeadapt.state import DeviceState

HEADER = '{"format": "edgeadapt-decisions", "version": 1}'


def a_memory(number: int, session: str = "s") -> PolicyMemory:
    guard = {"hysteresis": 0.1}
    return PolicyMemory(
        0.0, session, number, "p", "abc", {"x": 1.5}, "f", "def", guard, {"version": 1}, 2.5, 9.0
    )


def a_step(number: int, session: str = "s", timestamp: float = 0.1) -> PolicyStep:
    state = DeviceState(
        100 / 3,
        True,
        None,
        1000.1,
        10.0,
        None,
        "good",
        timestamp,
        battery_time_left_s=0.1,
        is_throttled=False,
    )
    decision = Decision("a", None, False, "otherwise", "ADOPTED")
    gone = {"b": VariantStatus(False, "quarantined")}
    return PolicyStep(timestamp, session, number, state, {"x": 0.1, "w": "dim", "u": None}, gone, decision)


def a_commit(number: int, session: str = "s") -> PolicyCommitted:
    return PolicyCommitted(0.3, session, number, "a")


def logged(path: Path, *events: Any) -> Path:
    log = DecisionLog(path)
    for event in events:
        log.take(event)
    log.close()
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "d.jsonl"


def test_what_was_written_is_read_as_it_was_to_the_last_bit(path: Path) -> None:
    events = (a_step(1), a_commit(2), a_step(3, timestamp=1 / 3))
    logged(path, a_memory(0), Failure(0.0, "profiler", "no"), *events)
    record = read_decision_log(path)
    (stretch,) = record.stretches
    assert stretch.begin == a_memory(0)
    assert stretch.events == events
    assert record.left_out == 0


def test_sessions_that_share_a_log_are_told_apart(path: Path) -> None:
    logged(path, a_memory(0, "x"), a_memory(0, "y"), a_step(1, "x"), a_step(1, "y"), a_step(2, "x"))
    stretches = read_decision_log(path).stretches
    assert [(it.begin.session, len(it.steps)) for it in stretches] == [("x", 2), ("y", 1)]


def test_a_missing_number_ends_a_stretch_and_the_next_memory_begins_another(path: Path) -> None:
    logged(path, a_step(4), a_memory(5), a_step(6), a_step(8), a_step(9), a_memory(10), a_step(11))
    record = read_decision_log(path)
    assert [(it.begin.number, len(it.steps)) for it in record.stretches] == [(5, 1), (10, 1)]
    assert record.left_out == 3


def test_a_line_that_was_cut_off_by_the_end_of_a_process_is_no_error(path: Path) -> None:
    logged(path, a_memory(0), a_step(1))
    path.write_text(path.read_text() + '{"kind":"policy_st')
    logged(path, a_memory(0, "next"), a_step(1, "next"))
    assert len(read_decision_log(path).stretches) == 2


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", None),
        ('{"timestamp": 0, "battery": 80}\n', "this is no decision log"),
        ("nonsense\n", "this is no decision log"),
        ("[1]\n", "this is no decision log"),
        ('{"format": "edgeadapt-state"}\n', "this is no decision log"),
        ('{"format": "edgeadapt-decisions", "version": 2}\n', "has version `2`, and this EdgeAdapt reads 1"),
        (HEADER + '\n{"kind": "policy_step.v1"}\n', "the event is malformed: `it lacks"),
        (HEADER + '\n{"kind": "policy_committed.v1", "at_s": "x"}\n', "the event is malformed"),
    ],
)
def test_what_is_no_log_is_told_with_its_line(text: str, problem: str | None, path: Path) -> None:
    path.write_text(text)
    if problem is None:
        assert read_decision_log(path).stretches == ()
        return
    with pytest.raises(TraceError, match=problem) as raised:
        read_decision_log(path)
    assert raised.value.line == text.count("\n")


def test_a_log_is_known_by_its_first_line(path: Path, tmp_path: Path) -> None:
    assert is_decision_log(logged(path, a_memory(0)))
    for content in (b"", b"\xff", b"[" * 4000, b'{"timestamp": 0}\n', HEADER.replace("1", "x").encode()):
        path.write_bytes(content)
        assert not is_decision_log(path)
    assert not is_decision_log(tmp_path)
    assert not is_decision_log(tmp_path / "absent.jsonl")


def test_a_log_given_as_a_trace_is_told_to_be_one(path: Path) -> None:
    logged(path, a_memory(0))
    with pytest.raises(
        TraceError, match="this is a decision log, not a device's trace; replay it with `dry-run"
    ):
        read_trace(path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@given(data=st.data())
def test_whatever_stands_in_an_event_is_taken_or_refused_with_its_line(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    event = data.draw(st.sampled_from((a_memory(0), a_step(0), a_commit(0)))).as_dict()
    place = event
    for _ in range(2):
        key = data.draw(st.sampled_from(sorted(place)))
        if key == "kind" or not isinstance(place[key], dict) or not place[key]:
            break
        place = place[key]
    if key != "kind":
        place[key] = data.draw(JSON)
    path = tmp_path_factory.mktemp("log") / "d.jsonl"
    path.write_text(f"{HEADER}\n{json.dumps(event)}\n")
    problem = None
    try:
        read_decision_log(path)
    except TraceError as error:
        problem = error
    assert problem is None or problem.line == 2
