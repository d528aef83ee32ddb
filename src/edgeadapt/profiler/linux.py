"""The profiler for Linux, over the kernel's own files; each reader is a file of its own.

All files lie under a root that can be set, so that another machine's tree can be read.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Hashable, Mapping

from edgeadapt.profiler.kernel_files import KernelFiles, kernel_files
from edgeadapt.profiler.linux_battery import BatteryReader
from edgeadapt.profiler.linux_cpu import CpuFrequencyReader, CpuReader
from edgeadapt.profiler.linux_gpu import GpuReader
from edgeadapt.profiler.linux_memory import MemoryReader
from edgeadapt.profiler.linux_mode import ModeReader
from edgeadapt.profiler.linux_network import NetworkReader
from edgeadapt.profiler.linux_power import PowerReader
from edgeadapt.profiler.linux_pressure import PressureReader
from edgeadapt.profiler.linux_reader import LinuxReader
from edgeadapt.profiler.linux_thermal import HeatReader
from edgeadapt.profiler.linux_throttling import ThrottlingReader
from edgeadapt.profiler.port import PlatformProfiler
from edgeadapt.profiler.readings import Readings
from edgeadapt.state import DeviceState

__all__ = ["LinuxProfiler"]

# In this order: the power reader leaves alone what a battery has told.
_READERS: tuple[type[LinuxReader], ...] = (
    MemoryReader,
    CpuReader,
    CpuFrequencyReader,
    PressureReader,
    BatteryReader,
    PowerReader,
    HeatReader,
    ThrottlingReader,
    GpuReader,
    NetworkReader,
    ModeReader,
)
# How long it may take until a battery that was plugged in counts. Finding out costs several snapshots.
_LOOK_AGAIN_S = 10.0


class LinuxProfiler(PlatformProfiler):
    """Memory, processors, batteries, heat and network as the kernel tells them.

    The constructor takes the CPU's baseline; see `CpuReader` for the first snapshot. `clock` is in seconds, monotonic.
    `files` replaces the native reader and then decides the root.
    """

    def __init__(
        self,
        root: str | os.PathLike[str] = "/",
        clock: Callable[[], float] = time.monotonic,
        *,
        files: KernelFiles | None = None,
    ) -> None:
        self._files = kernel_files(root) if files is None else files
        self._clock = clock
        self._readers = tuple(reader(self._files) for reader in _READERS)
        self._layouts: list[Hashable] = [reader.layout() for reader in self._readers]
        self._looked_at = clock()
        self._readings = Readings()

    def snapshot(self) -> DeviceState:
        """Measure now."""
        now = self._clock()
        self._files.refresh()
        if not 0 <= now - self._looked_at < _LOOK_AGAIN_S:
            self._look_again(now)
        readings = Readings(now)
        for reader in self._readers:
            reader.read(readings)
        self._readings = readings
        return readings.state(now)

    def now(self) -> float:
        """Return the clock's time."""
        return self._clock()

    def reasons(self) -> Mapping[str, str]:
        """Say, by signal name, why the last snapshot left it unknown."""
        return self._readings.reasons()

    def sources(self) -> Mapping[str, tuple[str, ...]]:
        """Say, by signal name, which files the last snapshot read it from, or where it looked."""
        path = self._files.path
        return {
            signal: tuple(path(place) if isinstance(place, int) else place for place in places)
            for signal, places in self._readings.places().items()
        }

    def close(self) -> None:
        """Close the kept files; a later snapshot would open them again."""
        self._files.close()

    def _look_again(self, now: float) -> None:
        self._looked_at = now
        self._files.retry()
        layouts = [reader.layout() for reader in self._readers]
        for reader, before, after in zip(self._readers, self._layouts, layouts, strict=True):
            if after != before:
                reader.look()
        self._layouts = layouts
