"""The memory that is left on this machine, for who decides whether a model fits: one signal without a whole snapshot."""

from __future__ import annotations

import sys
from pathlib import Path

from edgeadapt.profiler.kernel_files import PlainFiles
from edgeadapt.profiler.linux_memory import MemoryReader
from edgeadapt.profiler.readings import Readings


def available_memory_mb(root: Path = Path("/")) -> float | None:
    """Return the smaller of the machine's and the cgroup's available memory, in MB of 10^6 bytes; None where unknown."""
    if not sys.platform.startswith(("linux", "android")):
        return _by_psutil()
    readings = Readings()
    MemoryReader(PlainFiles(root)).read(readings)
    return readings.state(0.0).available_ram_mb


def _by_psutil() -> float | None:
    try:
        import psutil

        return float(psutil.virtual_memory().available) / 1e6
    except Exception:  # noqa: BLE001 - psutil raises platform-specific errors; then nobody knows
        return None
