"""Heat: the hottest plausible zone in millidegrees."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from edgeadapt.profiler.kernel_files import kernel_files
from edgeadapt.profiler.linux_thermal import HeatReader
from edgeadapt.profiler.readings import Readings

Plant = Callable[[str], Path]


def zones(*temperatures: Any) -> str:
    return "".join(f"/sys/class/thermal/thermal_zone{i}/temp {t}\n" for i, t in enumerate(temperatures))


def read(root: Path) -> Readings:
    readings = Readings()
    HeatReader(kernel_files(root)).read(readings)
    return readings


@pytest.mark.parametrize(
    ("temperatures", "celsius"),
    [
        ((40_000, 55_250, 30_000), 55.25),
        (("unreadable!", 41_000), 41.0),
        ((-274_000, 250_000, 0x7FFFFFFF, 41_500), 41.5),
        ((-20_000,), -20.0),
        ((150_000,), 150.0),
        (("warm", "", "41 000", "1e5", 36_600), 36.6),
        ((200_000, "unreadable!"), None),
    ],
)
def test_the_hottest_plausible_zone_counts(tree: Plant, temperatures: Any, celsius: float | None) -> None:
    assert read(tree(zones(*temperatures))).state(0.0).thermal_zone_c == celsius


def test_unreadable_zones_have_another_reason_than_none(tree: Plant) -> None:
    assert read(tree(zones("unreadable!"))).reasons()["temperature"] == (
        "no thermal zone tells a plausible temperature"
    )


def test_hardware_monitors_count_where_no_zone_can_be_read(tree: Plant) -> None:
    hwmon = "/sys/class/hwmon/hwmon0/temp1_input 61000\n/sys/class/hwmon/hwmon0/temp1_max 100000\n"
    hwmon += "/sys/class/hwmon/hwmon1/temp2_input 64500\n/sys/class/hwmon/hwmon1/temp3_input unreadable!\n"
    assert read(tree(hwmon + zones("unreadable!"))).state(0.0).thermal_zone_c == 64.5
    assert read(tree(hwmon + zones(40_000))).state(0.0).thermal_zone_c == 40.0
