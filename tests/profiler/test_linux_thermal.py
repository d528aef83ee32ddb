"""Heat: the hottest plausible zone in millidegrees, and only what slows the processor is throttling."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from edgeadapt.profiler.linux_thermal import read_heat
from edgeadapt.profiler.readings import Readings

Plant = Callable[[str], Path]


def zones(*temperatures: Any) -> str:
    return "".join(f"/sys/class/thermal/thermal_zone{i}/temp {t}\n" for i, t in enumerate(temperatures))


def cooling(*devices: tuple[str, Any]) -> str:
    folder = "/sys/class/thermal/cooling_device"
    return "".join(
        f"{folder}{i}/type {kind}\n{folder}{i}/cur_state {state}\n" for i, (kind, state) in enumerate(devices)
    )


def read(root: Path) -> Readings:
    readings = Readings()
    read_heat(root, readings)
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


@pytest.mark.parametrize(
    ("devices", "throttled"),
    [
        ([("Processor", 0), ("Processor", 3)], True),
        ([("thermal-cpufreq-0", 0)], False),
        ([("intel_powerclamp", -1)], False),
        ([("Processor", "unreadable!"), ("Processor", 1)], True),
        (
            [("Processor", 0), ("Fan", 1), ("LCD", 60), ("TCC Offset", 3), ("iwlwifi_1", 2), ("battery", 4)],
            False,
        ),
        ([("pwm-fan", 2), ("LCD", 60)], None),
        ([("unreadable!", 2)], None),
        ([], None),
    ],
)
def test_only_what_slows_the_processor_is_throttling(
    tree: Plant, devices: list[tuple[str, Any]], throttled: bool | None
) -> None:
    assert read(tree("/sys/class/thermal/x 0\n" + cooling(*devices))).state(0.0).is_throttled is throttled


@pytest.mark.parametrize(
    ("bits", "throttled"),
    [
        ("0", False),
        ("50000", False),
        ("1", False),
        ("50005", True),
        ("2", True),
        ("80008", True),
        ("0x4", True),
        ("later", None),
        ("unreadable!", None),
    ],
)
def test_a_raspberry_pis_firmware_tells_what_is_so_now_and_not_what_was(
    tree: Plant, bits: str, throttled: bool | None
) -> None:
    root = tree(f"/sys/devices/platform/soc/soc:firmware/get_throttled {bits}\n")
    assert read(root).state(0.0).is_throttled is throttled
