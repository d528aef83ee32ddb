"""The psutil profiler: its own CPU window, what psutil can't see, and one sensor that fails."""

from __future__ import annotations

import sys
import threading
from collections import namedtuple
from collections.abc import Callable
from typing import Any

import psutil
import pytest

from edgeadapt.profiler.fallback import FallbackProfiler
from edgeadapt.state import SIGNALS, DeviceState

Times = namedtuple("Times", "user system idle iowait guest")  # noqa: PYI024 - psutil's own are untyped too
Battery = namedtuple("Battery", "percent secsleft power_plugged")  # noqa: PYI024 - likewise
Zone = namedtuple("Zone", "current")  # noqa: PYI024 - likewise
Answer = Callable[[str, Any], None]


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Make a function of psutil answer as another machine would, or raise."""

    def set_answer(name: str, value: Any) -> None:
        def ask() -> Any:
            if isinstance(value, Exception):
                raise value
            return value

        monkeypatch.setattr(psutil, name, ask, raising=False)

    return set_answer


def test_this_machine_can_be_measured() -> None:
    profiler = FallbackProfiler()
    state = profiler.snapshot()
    assert state.value("memory_available") is not None
    assert state.value("cpu") is not None
    assert set(profiler.reasons()) == {name for name in SIGNALS if state.value(name) is None}


def test_the_clock_dates_the_snapshots() -> None:
    profiler = FallbackProfiler(clock=lambda: 4.5)
    assert (profiler.snapshot().timestamp, profiler.now()) == (4.5, 4.5)


def test_cpu_is_busy_time_between_snapshots_on_any_thread(answer: Answer) -> None:
    answer("cpu_times", Times(10.0, 10.0, 70.0, 10.0, 5.0))
    profiler = FallbackProfiler()
    assert profiler.snapshot().cpu_utilization_pct == 20.0
    answer("cpu_times", Times(10.75, 10.0, 70.0, 10.25, 5.0))
    seen: list[DeviceState] = []
    thread = threading.Thread(target=lambda: seen.append(profiler.snapshot()))
    thread.start()
    thread.join()
    assert seen[0].cpu_utilization_pct == 75.0


def test_too_little_time_keeps_the_last_answer_and_its_start(answer: Answer) -> None:
    answer("cpu_times", Times(25.0, 0.0, 75.0, 0.0, 0.0))
    profiler = FallbackProfiler()
    answer("cpu_times", Times(25.125, 0.0, 75.0, 0.0, 0.0))
    assert profiler.snapshot().cpu_utilization_pct == 25.0
    answer("cpu_times", Times(25.125, 0.0, 75.125, 0.0, 0.0))
    assert profiler.snapshot().cpu_utilization_pct == 50.0


def test_counters_that_go_back_are_a_new_start(answer: Answer) -> None:
    answer("cpu_times", Times(25.0, 0.0, 75.0, 0.0, 0.0))
    profiler = FallbackProfiler()
    answer("cpu_times", Times(1.0, 0.0, 0.0, 0.0, 0.0))
    assert profiler.snapshot().cpu_utilization_pct == 25.0
    answer("cpu_times", Times(2.0, 0.0, 0.0, 0.0, 0.0))
    assert profiler.snapshot().cpu_utilization_pct == 100.0


@pytest.mark.parametrize(
    ("battery", "expected"),
    [
        (Battery(55.5, 3600, False), (55.5, False, 3600.0)),
        (Battery(100, -2, True), (100.0, True, None)),
        (Battery(55, -1, None), (55.0, None, None)),
        (Battery(None, None, True), (None, True, None)),
    ],
)
def test_a_battery_is_told_as_far_as_psutil_knows(answer: Answer, battery: Any, expected: Any) -> None:
    answer("sensors_battery", battery)
    profiler = FallbackProfiler()
    state = profiler.snapshot()
    assert (state.battery_pct, state.is_charging, state.battery_time_left_s) == expected
    assert set(profiler.reasons()) == {name for name in SIGNALS if state.value(name) is None}


def test_the_hottest_plausible_sensor_counts(answer: Answer) -> None:
    answer(
        "sensors_temperatures", {"a": [Zone(41.0), Zone(None)], "b": [Zone(-273.0), Zone(52.5), Zone(999.0)]}
    )
    assert FallbackProfiler().snapshot().thermal_zone_c == 52.5


@pytest.mark.parametrize(
    ("name", "lost"),
    [
        ("virtual_memory", {"memory_available", "memory_total"}),
        ("cpu_times", {"cpu"}),
        ("cpu_freq", {"cpu_frequency"}),
        ("sensors_battery", {"battery", "charging", "battery_time_left"}),
        ("sensors_temperatures", {"temperature"}),
    ],
)
def test_one_sensor_that_fails_hides_nothing_else(answer: Answer, name: str, lost: set[str]) -> None:
    answer("sensors_battery", Battery(55, 3600, False))
    answer("sensors_temperatures", {"a": [Zone(41.0)]})
    answer("cpu_freq", Zone(800.0))
    answer(name, OSError("no such\ndevice"))
    profiler = FallbackProfiler()
    state = profiler.snapshot()
    measured = {"memory_available", "memory_total", "cpu", "cpu_frequency", "battery", "charging"}
    measured |= {"battery_time_left", "temperature"}
    assert {signal for signal in measured if state.value(signal) is None} == lost
    assert {profiler.reasons()[signal] for signal in lost} == {"psutil could not read it: no such device"}


def test_a_platform_without_sensors_leaves_them_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("sensors_battery", "sensors_temperatures", "cpu_freq"):
        monkeypatch.delattr(psutil, name, raising=False)
    profiler = FallbackProfiler()
    profiler.snapshot()
    reasons = profiler.reasons()
    assert reasons["battery"] == "there is no battery that psutil can see"
    assert reasons["temperature"] == "there is no temperature sensor that psutil can see"
    assert reasons["cpu_frequency"] == "psutil does not see the processor's clock"


def test_a_missing_psutil_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psutil", None)
    with pytest.raises(ImportError, match="pip install psutil"):
        FallbackProfiler()
