"""Throttling: only what slows the processor now counts, be it heat, a weak supply or a quota."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from edgeadapt.profiler.kernel_files import PlainFiles, kernel_files
from edgeadapt.profiler.linux_throttling import ThrottlingReader
from edgeadapt.profiler.readings import Readings

Plant = Callable[[str], Path]


def cooling(*devices: tuple[str, Any]) -> str:
    folder = "/sys/class/thermal/cooling_device"
    return "".join(
        f"{folder}{i}/type {kind}\n{folder}{i}/cur_state {state}\n" for i, (kind, state) in enumerate(devices)
    )


def read(root: Path) -> Readings:
    readings = Readings()
    ThrottlingReader(kernel_files(root)).read(readings)
    return readings


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


@pytest.mark.parametrize(("level", "throttled"), [(0, False), (2, True)])
def test_the_files_that_decided_are_named(tree: Plant, level: int, throttled: bool) -> None:
    root = tree(cooling(("Processor", level), ("Processor", 0)))
    reader, readings = ThrottlingReader(files := kernel_files(root)), Readings()
    reader.read(readings)
    paths = [files.path(place) for place in readings.places()["throttled"] if isinstance(place, int)]
    first, second = (f"/sys/class/thermal/cooling_device{i}/cur_state" for i in (0, 1))
    assert paths == ([first] if throttled else [first, second])


V1 = "/proc/self/cgroup 3:cpu,cpuacct:/docker/a\n/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us 50000\n"
V2 = "/proc/self/cgroup 0::/a\n/sys/fs/cgroup/a/cpu.max 50000 100000\n"


def stat(folder: str, periods: int, throttled: int) -> str:
    return f"/sys/fs/cgroup/{folder}/cpu.stat\n    nr_periods {periods}\n    nr_throttled {throttled}\n"


@pytest.mark.parametrize(("quota", "folder"), [(V1, "cpu,cpuacct"), (V2, "a")])
def test_a_quota_throttles_while_it_is_used_up_in_a_quarter_of_the_periods(
    tree: Plant, quota: str, folder: str
) -> None:
    reader = ThrottlingReader(PlainFiles(tree(quota + stat(folder, 100, 90))))

    def at(now: float, periods: int, throttled: int) -> bool | None:
        tree(stat(folder, periods, throttled))
        readings = Readings(now)
        reader.read(readings)
        return readings.state(now).is_throttled

    assert at(0.0, 100, 90) is False  # what was before the first read is history
    assert at(5.0, 140, 100) is True
    assert at(5.5, 145, 100) is True  # too soon to tell anything new
    assert at(10.0, 180, 109) is False
    assert at(15.0, 180, 109) is False  # an idle group has no periods
    assert at(20.0, 220, 149) is True


def test_without_a_quota_the_counters_say_nothing(tree: Plant) -> None:
    root = tree("/proc/self/cgroup 0::/a\n/sys/fs/cgroup/a/cpu.max max 100000\n" + stat("a", 9, 9))
    assert read(root).state(0.0).is_throttled is None


def test_a_quota_that_is_set_later_is_seen(tree: Plant) -> None:
    reader = ThrottlingReader(PlainFiles(tree("/proc/self/cgroup 0::/a\n" + stat("a", 9, 9))))
    before = reader.layout()
    tree(V2)
    assert reader.layout() != before
    reader.look()
    readings = Readings()
    reader.read(readings)
    assert readings.state(0.0).is_throttled is False
