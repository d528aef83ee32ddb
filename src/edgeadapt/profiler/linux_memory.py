"""Memory on Linux: what the machine has left, or less where a cgroup (v1 or v2) allows less."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from edgeadapt.profiler.kernel_file import numbers_by_key, read_int, read_text
from edgeadapt.profiler.readings import Readings

_MB = 1e6
_NO_LIMIT = 1 << 60
# A version's files of the limit and the use, and the key in its memory.stat of what can be had back.
_V1 = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
_V2 = ("memory.max", "memory.current", "inactive_file")


def read_memory(root: Path, readings: Readings) -> None:
    """Read `memory_available` and `memory_total`, the smaller of the machine's and every enclosing cgroup's."""
    meminfo = numbers_by_key(read_text(root / "proc/meminfo") or "")
    totals: list[int] = []
    free: list[int] = []
    if "MemTotal" in meminfo:
        totals.append(meminfo["MemTotal"] * 1024)
    available = meminfo.get("MemAvailable", _estimate(meminfo))
    if available is not None:
        free.append(available * 1024)
    # A limit that the machine cannot reach limits nothing; version 1 writes `no limit` as a huge one.
    ceiling = totals[0] if totals else _NO_LIMIT
    limits = cgroup_limits(root, ceiling)
    totals.extend(limit for limit, _ in limits)
    free.extend(max(0, limit - used) for limit, used in limits if used is not None)
    if totals:
        readings.put("memory_total", min(totals) / _MB)
    else:
        readings.unknown("memory_total", "/proc/meminfo has no MemTotal, and no cgroup has a limit")
    if any(used is None for _, used in limits):
        readings.unknown("memory_available", "a cgroup limits memory, but does not tell how much is in use")
    elif free:
        readings.put("memory_available", min(free + totals) / _MB)
    else:
        readings.unknown("memory_available", "/proc/meminfo has no MemAvailable, and no cgroup has a limit")


def _estimate(meminfo: dict[str, int]) -> int | None:
    # Kernels before 3.14 have no MemAvailable; what they cache can be had back, but for shared memory.
    if "MemFree" not in meminfo:
        return None
    cached = meminfo.get("Buffers", 0) + meminfo.get("Cached", 0) + meminfo.get("SReclaimable", 0)
    return meminfo["MemFree"] + max(0, cached - meminfo.get("Shmem", 0))


def cgroup_limits(root: Path, ceiling: int) -> list[tuple[int, int | None]]:
    """List (limit, used) in bytes for each cgroup around this process whose limit is below the ceiling."""
    limits: list[tuple[int, int | None]] = []
    for line in (read_text(root / "proc/self/cgroup") or "").splitlines():
        hierarchy, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if hierarchy == "0" and controllers == "":
            for base in (root / "sys/fs/cgroup", root / "sys/fs/cgroup/unified"):
                for folder in around(base, path):
                    limits.extend(_limit(folder, _V2, ceiling))
        elif "memory" in controllers.split(","):
            for folder in around(root / "sys/fs/cgroup/memory", path):
                limits.extend(_limit(folder, _V1, ceiling))
    return limits


def around(base: Path, path: str) -> list[Path]:
    """List the folder of a cgroup and of those around it.

    In a container the path may be the host's, of which nothing is mounted: then only the base is there to read.
    """
    parts = PurePosixPath(path.lstrip("/")).parts
    if ".." in parts:
        return [base]
    return [base.joinpath(*parts[:depth]) for depth in range(len(parts), -1, -1)]


def _limit(folder: Path, names: tuple[str, str, str], ceiling: int) -> list[tuple[int, int | None]]:
    limit_file, usage_file, reclaimable = names
    limit = read_int(folder / limit_file)
    if limit is None or not 0 <= limit < ceiling:  # `max`, no such file, or no limit
        return []
    used = read_int(folder / usage_file)
    if used is not None:
        # The kernel drops cold file pages before it kills: MemAvailable counts them as free, too.
        used = max(0, used - numbers_by_key(read_text(folder / "memory.stat") or "").get(reclaimable, 0))
    return [(limit, used)]
