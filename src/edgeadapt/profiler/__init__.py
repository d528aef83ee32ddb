"""Where a DeviceState comes from: this machine, another platform, or a recording."""

from edgeadapt.profiler.base import DeviceState, FallbackProfiler, PlatformProfiler, get_profiler

__all__ = ["DeviceState", "FallbackProfiler", "PlatformProfiler", "get_profiler"]
