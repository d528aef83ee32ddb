"""Processor time between snapshots, whatever the counters do, and the clock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from edgeadapt.profiler.kernel_files import PlainFiles, kernel_files
from edgeadapt.profiler.linux_cpu import CpuFrequencyReader, CpuReader
from edgeadapt.profiler.readings import Readings

Plant = Callable[[str], Path]
Line = Callable[[str], None]


@pytest.fixture
def counters(tree: Plant) -> Line:
    def write(line: str) -> None:
        tree(f"/proc/stat {line}\n")

    return write


def cpu(meter: CpuReader) -> float | None:
    readings = Readings()
    meter.read(readings)
    return readings.state(0.0).cpu_utilization_pct


def reason(meter: CpuReader) -> str:
    readings = Readings()
    meter.read(readings)
    return readings.reasons()["cpu"]


def meter_at(tree: Plant, line: str) -> CpuReader:
    return CpuReader(PlainFiles(tree(f"/proc/stat {line}\n")))


def test_the_first_answer_without_a_tick_is_the_average_since_boot(tree: Plant) -> None:
    assert cpu(meter_at(tree, "cpu 100 0 0 300 0 0 0 0 0 0")) == 25.0


def test_later_answers_are_about_the_time_between(tree: Plant, counters: Line) -> None:
    meter = meter_at(tree, "cpu 100 0 0 300 0 0 0 0 0 0")
    counters("cpu 150 0 0 350 0 0 0 0 0 0")
    assert cpu(meter) == 50.0
    counters("cpu 150 0 0 450 0 0 0 0 0 0")
    assert cpu(meter) == 0.0


def test_waiting_for_a_disk_is_not_busy_and_stolen_time_is(tree: Plant, counters: Line) -> None:
    meter = meter_at(tree, "cpu 0 0 0 0 0 0 0 0 0 0")
    counters("cpu 10 10 10 10 30 10 10 10 0 0")
    assert cpu(meter) == 60.0


def test_guest_time_is_counted_once(tree: Plant, counters: Line) -> None:
    meter = meter_at(tree, "cpu 0 0 0 0 0 0 0 0 0 0")
    counters("cpu 50 0 0 50 0 0 0 0 50 0")
    assert cpu(meter) == 50.0


def test_too_few_ticks_keep_the_last_answer_and_the_baseline(tree: Plant, counters: Line) -> None:
    meter = meter_at(tree, "cpu 100 0 0 300 0 0 0 0 0 0")
    counters("cpu 110 0 0 300 0 0 0 0 0 0")
    assert cpu(meter) == 25.0
    counters("cpu 110 0 0 310 0 0 0 0 0 0")
    assert cpu(meter) == 50.0


def test_an_idle_counter_that_goes_back_gives_no_more_than_all(tree: Plant, counters: Line) -> None:
    meter = meter_at(tree, "cpu 100 0 0 300 0 0 0 0 0 0")
    counters("cpu 200 0 0 290 0 0 0 0 0 0")
    assert cpu(meter) == 100.0


def test_a_busy_counter_that_goes_back_gives_no_less_than_nothing(tree: Plant, counters: Line) -> None:
    meter = meter_at(tree, "cpu 100 0 0 300 0 0 0 0 0 0")
    counters("cpu 90 0 0 400 0 0 0 0 0 0")
    assert cpu(meter) == 0.0


def test_counters_that_start_again_keep_the_last_answer_and_are_the_new_baseline(
    tree: Plant, counters: Line
) -> None:
    meter = meter_at(tree, "cpu 100 0 0 300 0 0 0 0 0 0")
    counters("cpu 0 0 0 10 0 0 0 0 0 0")
    assert cpu(meter) == 25.0
    counters("cpu 75 0 0 35 0 0 0 0 0 0")
    assert cpu(meter) == 75.0


def test_an_unreadable_file_is_unknown_and_the_next_answer_spans_it(tree: Plant, counters: Line) -> None:
    meter = meter_at(tree, "cpu 100 0 0 300 0 0 0 0 0 0")
    counters("unreadable!")
    assert cpu(meter) is None
    assert reason(meter) == "/proc/stat has no line of processor times"
    counters("cpu 150 0 0 350 0 0 0 0 0 0")
    assert cpu(meter) == 50.0


def test_a_file_that_appears_later_starts_with_the_average(tree: Plant, counters: Line) -> None:
    meter = CpuReader(PlainFiles(tree("/nothing here")))
    counters("cpu 100 0 0 300 0 0 0 0 0 0")
    assert cpu(meter) == 25.0


@pytest.mark.parametrize(
    "line", ["cpu", "cpu 1 2 3", "cpu0 1 2 3 4", "cpu 1 2 x 4 5", "cpu 1 2 -3 4", "cpu 1 ² 3 4"]
)
def test_a_malformed_line_is_unknown(tree: Plant, line: str) -> None:
    assert cpu(meter_at(tree, line)) is None


def test_old_kernels_with_four_counters_are_read(tree: Plant) -> None:
    assert cpu(meter_at(tree, "cpu 10 10 20 60")) == 40.0


def test_a_machine_that_counts_nothing_says_so(tree: Plant) -> None:
    assert reason(meter_at(tree, "cpu 0 0 0 0 0 0 0 0 0 0")) == "/proc/stat counts no processor time"


@pytest.mark.parametrize(
    ("text", "mhz"),
    [
        ("/sys/devices/system/cpu/cpufreq/policy0/scaling_cur_freq 0\n", None),
        ("/sys/devices/system/cpu/cpufreq/policy0/scaling_cur_freq <unknown>\n", None),
        ("/proc/cpuinfo\n    cpu MHz : nan\n    cpu MHz : inf\n    cpu MHz : 0.000\n    cpu MHz : ?\n", None),
        ("/proc/cpuinfo\n    cpu MHz : nan\n    cpu MHz : 800.5\n    cpu MHz : 700\n", 800.5),
    ],
)
def test_a_clock_that_says_nothing_is_passed_over(tree: Plant, text: str, mhz: float | None) -> None:
    readings = Readings()
    CpuFrequencyReader(kernel_files(tree(text))).read(readings)
    assert readings.state(0.0).cpu_frequency_mhz == mhz
