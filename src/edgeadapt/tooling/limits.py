"""What this process may use: memory and processors, of the machine and of the cgroups around it.

All files lie under a root that can be set, so that another machine's tree can be read.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from edgeadapt.profiler.kernel_file import numbers_by_key, read_int, read_text
from edgeadapt.profiler.linux_memory import around, cgroup_limits

_MB = 1e6
# Of the files a cgroup has, whose numbers are in bytes, the largest that means anything.
_NO_LIMIT = 1 << 60


def memory_limits(root: Path) -> dict[str, Any]:
    """Return `machine_mb`, and `cgroup_mb`, the smallest limit of a cgroup below that; None where there is none."""
    machine = numbers_by_key(read_text(root / "proc/meminfo") or "").get("MemTotal")
    ceiling = _NO_LIMIT if machine is None else machine * 1024
    limits = [limit for limit, _ in cgroup_limits(root, ceiling)]
    return {
        "machine_mb": None if machine is None else machine * 1024 / _MB,
        "cgroup_mb": min(limits) / _MB if limits else None,
    }


def processors(root: Path) -> dict[str, Any]:
    """Return `machine`, `usable` (by affinity) and `cgroup`, how many a cgroup's quota allows; None for no limit."""
    try:
        usable: int | None = len(os.sched_getaffinity(0))
    except (AttributeError, OSError):  # not every system has it
        usable = None
    quotas = [quota for folder, is_v2 in _cgroups(root) if (quota := _quota(folder, is_v2=is_v2)) is not None]
    return {"machine": os.cpu_count(), "usable": usable, "cgroup": min(quotas, default=None)}


def _cgroups(root: Path) -> list[tuple[Path, bool]]:
    """List the folders of the cgroups around this process that may limit processors, and whether they are version 2."""
    found: list[tuple[Path, bool]] = []
    for line in (read_text(root / "proc/self/cgroup") or "").splitlines():
        hierarchy, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if hierarchy == "0" and controllers == "":
            found += [(folder, True) for folder in around(root / "sys/fs/cgroup", path)]
        elif "cpu" in controllers.split(","):
            for base in ("cpu", "cpu,cpuacct"):
                found += [(folder, False) for folder in around(root / "sys/fs/cgroup" / base, path)]
    return found


def _quota(folder: Path, *, is_v2: bool) -> float | None:
    if is_v2:
        words = (read_text(folder / "cpu.max") or "").split()
        if len(words) != 2 or not all(word.isascii() and word.isdecimal() for word in words):
            return None  # `max`, or no such file
        quota, period = map(int, words)
    else:
        quota = read_int(folder / "cpu.cfs_quota_us") or -1
        period = read_int(folder / "cpu.cfs_period_us") or 0
    return quota / period if quota > 0 and period > 0 else None
