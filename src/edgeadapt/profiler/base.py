"""The public names of device measurement, and which profiler this machine gets."""

from __future__ import annotations

import sys

from edgeadapt.profiler.fallback import FallbackProfiler
from edgeadapt.profiler.port import PlatformProfiler
from edgeadapt.state import DeviceState

__all__ = ["DeviceState", "FallbackProfiler", "PlatformProfiler", "get_profiler"]


def get_profiler() -> PlatformProfiler:
    """Return the profiler for this platform: the kernel's own files on Linux and Android, psutil elsewhere."""
    if sys.platform.startswith(("linux", "android")):
        # Other platforms never need it.
        from edgeadapt.profiler.linux import LinuxProfiler

        return LinuxProfiler()
    return FallbackProfiler()
