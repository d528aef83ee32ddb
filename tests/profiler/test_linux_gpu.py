"""The graphics processor: in whatever unit its driver counts, and unknown where none tells."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from edgeadapt.profiler.kernel_files import kernel_files
from edgeadapt.profiler.linux_gpu import GpuReader
from edgeadapt.profiler.readings import Readings

Plant = Callable[[str], Path]


def read(root: Path) -> float | None:
    readings = Readings()
    GpuReader(kernel_files(root)).read(readings)
    return readings.state(0.0).gpu_utilization_pct


@pytest.mark.parametrize(
    ("text", "pct"),
    [
        ("/sys/class/drm/card0/device/gpu_busy_percent 37\n", 37.0),
        ("/sys/class/drm/card0-DP-1/device/gpu_busy_percent 37\n", None),
        ("/sys/class/kgsl/kgsl-3d0/gpu_busy_percentage 12 %\n", 12.0),
        ("/sys/devices/gpu.0/load 456\n", 45.6),
        ("/sys/class/devfreq/17000000.ga10b/device/load 1000\n", 100.0),
        ("/sys/class/devfreq/ff9a0000.gpu/load 45@600000000Hz\n", 45.0),
        ("/sys/class/devfreq/dmc/load 45@600000000Hz\n", None),
        ("/sys/class/drm/card0/device/gpu_busy_percent 101\n", None),
        ("/sys/class/drm/card0/device/gpu_busy_percent busy\n", None),
        ("/sys/class/drm/card0/device/gpu_busy_percent unreadable!\n", None),
    ],
)
def test_a_drivers_own_count_is_a_share(tree: Plant, text: str, pct: float | None) -> None:
    assert read(tree(text)) == pct


def test_the_busiest_of_several_counts(tree: Plant) -> None:
    text = (
        "/sys/class/drm/card0/device/gpu_busy_percent 10\n/sys/class/drm/card1/device/gpu_busy_percent 80\n"
    )
    assert read(tree(text)) == 80.0
