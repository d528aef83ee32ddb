"""Power without a battery: the rail of a whole board, or the platform's energy counter between two reads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from edgeadapt.profiler.kernel_files import PlainFiles, kernel_files
from edgeadapt.profiler.linux_power import PowerReader
from edgeadapt.profiler.readings import Readings

Plant = Callable[[str], Path]

RAIL = "/sys/class/hwmon/hwmon3"
COUNTER = "/sys/class/powercap/intel-rapl:1"


def draw(reader: PowerReader, now: float = 0.0) -> float | None:
    readings = Readings(now)
    reader.read(readings)
    return readings.state(now).power_draw_w


@pytest.mark.parametrize(("label", "watts"), [("VDD_IN", 6.0), ("VDD_CPU_GPU_CV", None)])
def test_the_rail_that_feeds_the_whole_board_is_the_draw(
    tree: Plant, label: str, watts: float | None
) -> None:
    root = tree(f"{RAIL}/in1_label {label}\n{RAIL}/in1_input 5000\n{RAIL}/curr1_input 1200\n")
    assert draw(PowerReader(kernel_files(root))) == watts


def test_a_battery_that_told_it_is_not_contradicted(tree: Plant) -> None:
    root = tree(f"{RAIL}/in1_label VDD_IN\n{RAIL}/in1_input 5000\n{RAIL}/curr1_input 1200\n")
    readings = Readings()
    readings.put("power_draw", 8.0)
    PowerReader(kernel_files(root)).read(readings)
    assert readings.state(0.0).power_draw_w == 8.0


@pytest.mark.parametrize(("name", "watts"), [("psys", 10.0), ("package-0", None)])
def test_the_platforms_counter_is_power_between_two_reads(
    tree: Plant, name: str, watts: float | None
) -> None:
    root = tree(
        f"{COUNTER}/name {name}\n{COUNTER}/energy_uj 5000000\n{COUNTER}/max_energy_range_uj 100000000\n"
    )
    reader = PowerReader(PlainFiles(root))
    assert draw(reader, 0.0) is None
    tree(f"{COUNTER}/energy_uj 25000000\n")
    assert draw(reader, 2.0) == watts
    tree(f"{COUNTER}/energy_uj 26000000\n")
    assert draw(reader, 2.05) == watts  # too soon to tell anything new


def test_a_counter_that_began_again_goes_on(tree: Plant) -> None:
    root = tree(
        f"{COUNTER}/name psys\n{COUNTER}/energy_uj 90000000\n{COUNTER}/max_energy_range_uj 100000000\n"
    )
    reader = PowerReader(PlainFiles(root))
    assert draw(reader, 0.0) is None
    tree(f"{COUNTER}/energy_uj 10000000\n")
    assert draw(reader, 1.0) == 20.0


def test_a_counter_that_only_the_superuser_may_read_says_nothing(tree: Plant) -> None:
    assert (
        draw(PowerReader(kernel_files(tree(f"{COUNTER}/name psys\n{COUNTER}/energy_uj unreadable!\n"))))
        is None
    )
