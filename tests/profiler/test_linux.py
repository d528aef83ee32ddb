"""The Linux profiler on recorded trees: every signal's exact value, and a reason for every other one."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from edgeadapt.profiler.kernel_files import PlainFiles, kernel_files
from edgeadapt.profiler.linux import LinuxProfiler
from edgeadapt.state import SIGNALS

Plant = Callable[[str], Path]

NO_GPU = "no graphics processor's driver tells how busy it is"
NO_CHARGER = "there is no battery, and no charger that is online"
NOT_DRAINING = "it is only known while a battery drains"
UNGRADED = "a link is up, but the kernel does not know how good it is"
NO_PROFILE = "the firmware has no platform profile"
NO_COOLING = "there is no cooling device or quota that slows the processor"
ENGINE = dict.fromkeys(("inference_latency", "inference_rate"), "only a running engine measures it")
NO_BATTERY = {
    "battery": "there is no battery",
    "charging": NO_CHARGER,
    "power_draw": "there is no battery",
    "battery_time_left": "there is no battery",
}
NO_PSI = {
    "cpu_pressure": "/proc/pressure/cpu tells nothing: the kernel has PSI off",
    "memory_pressure": "/proc/pressure/memory tells nothing: the kernel has PSI off",
}

# A tree's values in the language's canonical units, and its reasons.
EXPECTED: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "laptop": (
        {
            "battery": (40 * 24 + 80 * 72) / 96,
            "charging": False,
            "battery_time_left": 1000 * 3600 * (9.6 + 57.6) / 8.0,
            "power_draw": 8.0,
            "temperature": 57.5,
            "throttled": False,
            "memory_available": 9216.0,
            "memory_total": 16384.0,
            "memory_pressure": 0.25,
            "cpu": 15.0,
            "cpu_pressure": 12.5,
            "cpu_frequency": 3400.0,
            "network": "good",
            "low_power_mode": True,
        },
        {"gpu": NO_GPU, **ENGINE},
    ),
    "raspberry_pi": (
        {
            "temperature": 71.576,
            "throttled": True,
            "memory_available": 1280.0,
            "memory_total": 1945.6,
            "cpu": 25.0,
            "cpu_frequency": 1000.0,
        },
        {"gpu": NO_GPU, "network": UNGRADED, "low_power_mode": NO_PROFILE, **NO_BATTERY, **NO_PSI, **ENGINE},
    ),
    "jetson": (
        {
            "temperature": 53.218,
            "throttled": False,
            "memory_available": 4096.0,
            "memory_total": 7782.4,
            "cpu": 40.0,
            "cpu_frequency": 1510.4,
            "gpu": 87.3,
            "power_draw": 7.4,
        },
        {
            "network": UNGRADED,
            "low_power_mode": NO_PROFILE,
            **{signal: why for signal, why in NO_BATTERY.items() if signal != "power_draw"},
            **NO_PSI,
            **ENGINE,
        },
    ),
    "phone": (
        {
            "battery": 63.0,
            "charging": True,
            "temperature": 44.1,
            "throttled": True,
            "memory_available": 2560.0,
            "memory_total": 7987.2,
            "cpu": 30.0,
            "cpu_frequency": 2419.2,
            "network": "fair",
        },
        {
            "gpu": NO_GPU,
            "power_draw": NOT_DRAINING,
            "battery_time_left": NOT_DRAINING,
            "low_power_mode": NO_PROFILE,
            **NO_PSI,
            **ENGINE,
        },
    ),
    "container_v2": (
        {
            "memory_available": 286.870912,
            "memory_total": 536.870912,
            "memory_pressure": 43.75,
            "cpu": 25.0,
            "cpu_pressure": 17.25,
            "cpu_frequency": 2900.5,
            "throttled": False,
        },
        {
            "gpu": NO_GPU,
            "temperature": "there is no thermal zone",
            "network": UNGRADED,
            "low_power_mode": NO_PROFILE,
            **NO_BATTERY,
            **ENGINE,
        },
    ),
    "container_v1": (
        {"memory_available": 300.0, "memory_total": 1073.741824, "cpu": 25.0, "throttled": False},
        {
            "gpu": NO_GPU,
            "temperature": "there is no thermal zone",
            "network": UNGRADED,
            "cpu_frequency": "there is no cpufreq policy, and /proc/cpuinfo has no clock",
            "low_power_mode": NO_PROFILE,
            **NO_BATTERY,
            **NO_PSI,
            **ENGINE,
        },
    ),
    "bare_vm": (
        {"memory_available": 1536.0, "memory_total": 2048.0, "cpu": 40.0, "network": "offline"},
        {
            "gpu": NO_GPU,
            "temperature": "there is no thermal zone",
            "throttled": NO_COOLING,
            "cpu_frequency": "there is no cpufreq policy, and /proc/cpuinfo has no clock",
            "low_power_mode": NO_PROFILE,
            **NO_BATTERY,
            **NO_PSI,
            **ENGINE,
        },
    ),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_recorded_tree_gives_exactly_these_values_and_reasons(tree: Plant, name: str) -> None:
    profiler = LinuxProfiler(tree(name), clock=lambda: 12.5)
    state = profiler.snapshot()
    values, reasons = EXPECTED[name]
    known = {signal: state.value(signal) for signal in SIGNALS if state.value(signal) is not None}
    assert known == values
    assert profiler.reasons() == reasons
    assert (state.timestamp, state.clamped, profiler.now()) == (12.5, (), 12.5)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_native_reader_and_the_plain_one_give_equal_states_reasons_and_sources(
    tree: Plant, name: str
) -> None:
    root = tree(name)
    pair = [
        LinuxProfiler(files=files, clock=lambda: 12.5) for files in (kernel_files(root), PlainFiles(root))
    ]
    for _ in range(3):
        native, plain = (profiler.snapshot() for profiler in pair)
        assert native == plain
        assert pair[0].reasons() == pair[1].reasons()
        assert pair[0].sources() == pair[1].sources()


@pytest.mark.parametrize("name", EXPECTED)
def test_each_signal_of_the_device_tells_where_it_was_read_or_looked_for(tree: Plant, name: str) -> None:
    root = tree(name)
    profiler = LinuxProfiler(root)
    state = profiler.snapshot()
    sources = profiler.sources()
    assert set(sources) == set(SIGNALS) - set(ENGINE)
    assert all(sources.values())
    for signal, paths in sources.items():
        if state.value(signal) is not None:
            assert all((root / path.lstrip("/")).is_file() for path in paths), signal


def test_the_file_that_decided_is_the_one_that_is_named(tree: Plant) -> None:
    profiler = LinuxProfiler(tree("laptop"))
    profiler.snapshot()
    sources = profiler.sources()
    assert sources["temperature"] == ("/sys/class/thermal/thermal_zone2/temp",)
    assert sources["battery"] == tuple(f"/sys/class/power_supply/BAT{i}/capacity" for i in (0, 1))
    assert sources["power_draw"] == ("/sys/class/power_supply/BAT0/power_now",)


def test_a_battery_that_is_plugged_in_counts_within_ten_seconds(tree: Plant) -> None:
    now = [0.0]
    profiler = LinuxProfiler(tree("bare_vm"), clock=lambda: now[0])
    assert profiler.snapshot().battery_pct is None
    tree("/sys/class/power_supply/BAT0/type Battery\n/sys/class/power_supply/BAT0/capacity 55\n")
    now[0] = 9.9
    assert profiler.snapshot().battery_pct is None
    now[0] = 10.0
    assert profiler.snapshot().battery_pct == 55.0


def test_a_memory_limit_that_is_set_later_counts_within_ten_seconds(tree: Plant) -> None:
    now = [0.0]
    profiler = LinuxProfiler(tree("jetson"), clock=lambda: now[0])
    assert profiler.snapshot().total_ram_mb == 7782.4
    tree("/sys/fs/cgroup/system.slice/vision.service/memory.max 1000000000\n")
    now[0] = 10.0
    assert profiler.snapshot().available_ram_mb == 100.0
    # Once there is one, its changes count at once.
    tree("/sys/fs/cgroup/system.slice/vision.service/memory.max 950000000\n")
    assert profiler.snapshot().available_ram_mb == 50.0


def test_a_device_that_goes_and_comes_back_is_read_again(tree: Plant) -> None:
    now = [0.0]
    root = tree("laptop")
    profiler = LinuxProfiler(root, clock=lambda: now[0])
    assert profiler.snapshot().battery_pct == 70.0
    supply = root / "sys/class/power_supply"
    (supply / "BAT1").rename(root / "away")
    now[0] = 10.0
    assert profiler.snapshot().battery_pct == 40.0
    (root / "away").rename(supply / "BAT1")
    now[0] = 20.0
    assert profiler.snapshot().battery_pct == 70.0


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux lists a process's descriptors so"
)
def test_closing_gives_every_descriptor_back(tree: Plant) -> None:
    root = tree("laptop")
    before = len(os.listdir("/proc/self/fd"))
    with LinuxProfiler(root) as profiler:
        profiler.snapshot()
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("name", EXPECTED)
def test_each_signal_has_either_a_value_or_a_reason(name: str) -> None:
    values, reasons = EXPECTED[name]
    assert sorted([*values, *reasons]) == sorted(SIGNALS)


def test_an_empty_root_leaves_everything_unknown_with_a_reason(tree: Plant) -> None:
    profiler = LinuxProfiler(tree("/nothing here"))
    state = profiler.snapshot()
    assert all(state.value(signal) is None for signal in SIGNALS)
    assert set(profiler.reasons()) == set(SIGNALS)
    assert all(reason and "\n" not in reason for reason in profiler.reasons().values())


@pytest.mark.parametrize("name", EXPECTED)
def test_one_unreadable_file_hides_no_other_signal(tree: Plant, name: str) -> None:
    root = tree(name)
    before = LinuxProfiler(root).snapshot()
    # What one file may take away: its own signals.
    own = {
        "devfreq": {"gpu"},
        "meminfo": {"memory_available", "memory_total"},
        "stat": {"cpu"},
        "cpuinfo": {"cpu_frequency"},
        "cgroup": {"memory_available", "memory_total", "cpu_pressure", "memory_pressure", "throttled"},
        "pressure": {"cpu_pressure", "memory_pressure"},
        "net": {"network"},
        "cpufreq": {"cpu_frequency"},
        "thermal": {"temperature", "throttled"},
        "hwmon": {"temperature", "power_draw"},
        "soc:firmware": {"throttled"},
        "firmware": {"low_power_mode"},
        "power_supply": {"battery", "charging", "power_draw", "battery_time_left"},
    }
    for file in sorted(path for path in root.rglob("*") if path.is_file()):
        content = file.read_bytes()
        file.unlink()
        file.symlink_to(file)
        state = LinuxProfiler(root).snapshot()
        changed = {signal for signal in SIGNALS if state.value(signal) != before.value(signal)}
        allowed = next(signals for part, signals in own.items() if part in file.relative_to(root).parts)
        assert changed <= allowed, file
        file.unlink()
        file.write_bytes(content)


@pytest.mark.parametrize(
    "garbage", [b"", b"\xff\xfe\0", b"-" * 5000, b"9" * 5000, b"nan", b"cpu nan", b"1\n2\n3"]
)
@pytest.mark.parametrize("name", EXPECTED)
def test_garbage_in_every_file_raises_nothing(tree: Plant, name: str, garbage: bytes) -> None:
    root = tree(name)
    for file in (path for path in root.rglob("*") if path.is_file()):
        file.write_bytes(garbage)
    profiler = LinuxProfiler(root)
    state = profiler.snapshot()
    unknown = {signal for signal in SIGNALS if state.value(signal) is None}
    assert set(profiler.reasons()) == unknown
    assert "battery" in unknown


def test_this_machine_can_be_measured() -> None:
    with LinuxProfiler() as profiler:
        first, second = profiler.snapshot(), profiler.snapshot()
    assert first.timestamp <= second.timestamp <= profiler.now()
    assert set(profiler.reasons()) == {signal for signal in SIGNALS if second.value(signal) is None}
