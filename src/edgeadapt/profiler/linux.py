"""The profiler for Linux, over the kernel's own files; each reader is a file of its own.

All files lie under a root that can be set, so that another machine's tree can be read.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from edgeadapt.profiler.kernel_file import read_text
from edgeadapt.profiler.linux_battery import read_batteries
from edgeadapt.profiler.linux_cpu import CpuMeter, read_cpu_frequency, read_pressure
from edgeadapt.profiler.linux_memory import read_memory
from edgeadapt.profiler.linux_network import read_network
from edgeadapt.profiler.linux_thermal import read_heat
from edgeadapt.profiler.port import PlatformProfiler
from edgeadapt.profiler.readings import Readings
from edgeadapt.state import DeviceState

__all__ = ["LinuxProfiler"]


class LinuxProfiler(PlatformProfiler):
    """Memory, processors, batteries, heat and network as the kernel tells them.

    The constructor takes the CPU's baseline; see `CpuMeter` for the first snapshot. `clock` is in seconds, monotonic.
    """

    def __init__(
        self, root: str | os.PathLike[str] = "/", clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._root = Path(root)
        self._clock = clock
        self._cpu = CpuMeter(self._root)
        self._reasons: dict[str, str] = {}

    def snapshot(self) -> DeviceState:
        """Measure now."""
        readings = Readings()
        read_memory(self._root, readings)
        self._cpu.read(readings)
        read_cpu_frequency(self._root, readings)
        read_pressure(self._root, readings)
        read_batteries(self._root, readings)
        read_heat(self._root, readings)
        read_network(self._root, readings)
        profile = read_text(self._root / "sys/firmware/acpi/platform_profile")
        if profile:
            readings.put("low_power_mode", profile == "low-power")
        else:
            readings.unknown("low_power_mode", "the firmware has no platform profile")
        self._reasons = readings.reasons()
        return readings.state(self._clock())

    def now(self) -> float:
        """Return the clock's time."""
        return self._clock()

    def reasons(self) -> Mapping[str, str]:
        """Say, by signal name, why the last snapshot left it unknown."""
        return dict(self._reasons)
