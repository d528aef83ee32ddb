"""Playing a recording: row by row, by a clock at any speed, with the host's inputs, and again."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from edgeadapt.errors import TraceError
from edgeadapt.profiler.recorded import RecordedProfiler, Trace, TraceRow, read_trace, write_trace
from edgeadapt.state import DeviceState


class Clock:
    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


def state(timestamp: float, battery: float | None = None) -> DeviceState:
    return DeviceState(battery, None, None, None, None, None, None, timestamp)


ROWS = [
    TraceRow(state(10.0, 80.0), {"light": 5.0}),
    TraceRow(state(11.0, 70.0), {"mode": "night"}),
    TraceRow(state(13.0, 60.0), {"light": None}),
]


def test_without_a_clock_each_snapshot_is_the_next_row_and_the_last_is_held() -> None:
    profiler = RecordedProfiler(ROWS)
    seen = []
    for _ in range(4):
        snapshot = profiler.snapshot()
        seen.append((snapshot.timestamp, snapshot.battery_pct, profiler.now(), profiler.exhausted))
    assert seen == [
        (10.0, 80.0, 10.0, False),
        (11.0, 70.0, 11.0, False),
        (13.0, 60.0, 13.0, True),
        (13.0, 60.0, 13.0, True),
    ]


def test_before_any_snapshot_the_first_row_is_the_present_and_nothing_was_fed() -> None:
    profiler = RecordedProfiler(ROWS)
    assert (profiler.current, profiler.now(), profiler.exhausted) == (ROWS[0], 10.0, False)
    assert dict(profiler.inputs()) == {}


def test_with_a_clock_the_latest_row_at_or_before_the_present_counts() -> None:
    clock = Clock()
    profiler = RecordedProfiler(ROWS, clock=clock)
    seen = []
    for now in (1000.0, 1000.5, 1001.0, 1002.9, 1003.0, 1100.0):
        clock.time = now
        snapshot = profiler.snapshot()
        seen.append((snapshot.timestamp, snapshot.battery_pct, profiler.exhausted))
    assert seen == [
        (10.0, 80.0, False),
        (10.5, 80.0, False),
        (11.0, 70.0, False),
        (pytest.approx(12.9), 70.0, False),
        (13.0, 60.0, True),
        (110.0, 60.0, True),
    ]


@pytest.mark.parametrize(("speed", "present"), [(2.0, 12.0), (60.0, 70.0), (0.5, 10.5)])
def test_speed_is_how_much_faster_than_the_clock_it_runs(speed: float, present: float) -> None:
    clock = Clock()
    profiler = RecordedProfiler(ROWS, clock=clock, speed=speed)
    profiler.snapshot()
    clock.time += 1.0
    assert profiler.now() == present
    assert profiler.snapshot().timestamp == present


def test_asking_for_the_time_starts_it_too() -> None:
    clock = Clock()
    profiler = RecordedProfiler(ROWS, clock=clock)
    assert profiler.now() == 10.0
    clock.time += 1.0
    assert profiler.snapshot().battery_pct == 70.0


def test_inputs_are_what_the_rows_since_the_last_snapshot_gave_the_latest_of_each() -> None:
    clock = Clock()
    profiler = RecordedProfiler(ROWS, clock=clock)
    seen = []
    for now in (1000.0, 1000.5, 1003.0, 1004.0):
        clock.time = now
        profiler.snapshot()
        seen.append(dict(profiler.inputs()))
    assert seen == [{"light": 5.0}, {}, {"mode": "night", "light": None}, {}]


def test_a_held_row_feeds_its_inputs_once() -> None:
    profiler = RecordedProfiler(ROWS[:1])
    profiler.snapshot()
    assert dict(profiler.inputs()) == {"light": 5.0}
    profiler.snapshot()
    assert dict(profiler.inputs()) == {}


def test_a_row_whose_time_goes_back_is_reached_with_the_one_before() -> None:
    clock = Clock()
    profiler = RecordedProfiler([state(10.0, 1.0), state(12.0, 2.0), state(11.0, 3.0)], clock=clock)
    profiler.snapshot()
    clock.time += 2.0
    assert profiler.snapshot().battery_pct == 3.0


@pytest.mark.parametrize("with_clock", [False, True])
def test_rewinding_starts_again_from_the_first_row(with_clock: bool) -> None:
    clock = Clock()
    profiler = RecordedProfiler(ROWS, clock=clock if with_clock else None)
    first = profiler.snapshot()
    clock.time += 50.0
    profiler.snapshot()
    profiler.rewind()
    assert dict(profiler.inputs()) == {}
    assert profiler.snapshot() == first
    assert dict(profiler.inputs()) == {"light": 5.0}


def test_what_was_clamped_is_still_told_when_a_clock_plays_it() -> None:
    profiler = RecordedProfiler([state(0.0, 130.0)], clock=Clock())
    assert profiler.snapshot().clamped == ("battery",)


def test_a_file_a_trace_and_states_play_alike(tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    write_trace(ROWS, path)
    trace = read_trace(path)
    assert RecordedProfiler(path).trace == trace
    assert RecordedProfiler(str(path)).trace.rows == RecordedProfiler(trace).trace.rows == tuple(ROWS)
    assert RecordedProfiler([state(1.0)]).trace.rows == (TraceRow(state(1.0)),)


def test_a_wrong_file_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(TraceError, match="cannot read it: no such file"):
        RecordedProfiler(tmp_path / "gone.csv")


@pytest.mark.parametrize("speed", [0, -1.0, math.nan, math.inf])
def test_speed_is_positive_and_finite(speed: float) -> None:
    with pytest.raises(ValueError, match="`speed` is a positive number"):
        RecordedProfiler(ROWS, speed=speed)


@pytest.mark.parametrize("make", [lambda: Trace(()), lambda: Trace.of([]), lambda: RecordedProfiler([])])
def test_a_trace_has_at_least_one_row(make: Any) -> None:
    with pytest.raises(ValueError, match="at least one row"):
        make()


def test_a_trace_knows_its_inputs_and_how_long_it_lasts() -> None:
    trace = Trace.of(ROWS, "day")
    assert (trace.input_names, trace.duration_s, trace.name) == (("light", "mode"), 3.0, "day")


def test_a_rows_inputs_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        ROWS[0].inputs["light"] = 6.0  # type: ignore[index]  # the mistake tested
