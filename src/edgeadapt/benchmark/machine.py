"""Which machine and which software a report was measured with."""

from __future__ import annotations

import os
import platform
from importlib import metadata

import psutil

from edgeadapt.benchmark.report import Machine
from edgeadapt.profiler.kernel_file import read_text

_MB = 1e6


def this_machine() -> Machine:
    """Return what this machine is, and how busy it is just now."""
    return Machine(
        cpu=_cpu_model(),
        cores=os.cpu_count() or 1,
        usable_cores=_usable_cores(),
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        memory_mb=round(psutil.virtual_memory().total / _MB),
        load_before=_load(),
    )


def versions(measured_with: dict[str, str]) -> dict[str, str]:
    """Return the versions of what measured; `measured_with` is what the measuring processes say, which counts."""
    found = {"edgeadapt": _version("edgeadapt"), "python": platform.python_version()}
    for name in ("numpy", "onnxruntime"):
        found[name] = measured_with.get(name) or _version(name)
    return {**found, **measured_with}


def _cpu_model() -> str:
    from pathlib import Path

    text = read_text(Path("/proc/cpuinfo")) or ""
    named: dict[str, str] = {}
    for line in text.splitlines():
        key, _, value = line.partition(":")
        named.setdefault(key.strip().lower(), value.strip())
    # Most processors have the first; a Raspberry Pi names its board, and other Arm machines their maker's own.
    for key in ("model name", "model", "hardware"):
        if named.get(key) and not named[key].isdecimal():
            return named[key]
    return platform.processor() or platform.machine() or "unknown"


def _usable_cores() -> int | None:
    try:
        return len(os.sched_getaffinity(0))
    except (AttributeError, OSError):  # not every system has it
        return None


def _load() -> float | None:
    try:
        return round(os.getloadavg()[0], 2)
    except (AttributeError, OSError):  # not every system has it
        return None


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "unknown"
