"""Memory on Linux: what the machine has left, or less where a cgroup (v1 or v2) allows less."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path

from edgeadapt.profiler.kernel_files import PlainFiles
from edgeadapt.profiler.linux_cgroup import MEMBERSHIP, around, folders_v1, folders_v2
from edgeadapt.profiler.linux_reader import LinuxReader
from edgeadapt.profiler.readings import Readings

__all__ = ["MemoryReader", "around", "cgroup_limits"]

_MB = 1e6
_NO_LIMIT = 1 << 60
# A version's files of the limit and the use, and the key in its memory.stat of what can be had back.
_V1 = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
_V2 = ("memory.max", "memory.current", "inactive_file")
_KEYS = ("MemTotal", "MemAvailable", "MemFree", "Buffers", "Cached", "SReclaimable", "Shmem")


class MemoryReader(LinuxReader):
    """Reads `memory_available` and `memory_total`, the smaller of the machine's and every enclosing cgroup's."""

    def layout(self) -> Hashable:
        """Return the cgroups of this process that have a limit."""
        return tuple(self._limited())

    def look(self) -> None:
        """Find their files."""
        self._meminfo = self._file("/proc/meminfo")
        # Each one's limit, use and details, and the detail's key.
        self._groups = [
            (
                self._file(folder, limit),
                self._file(folder, use),
                self._file(folder, "memory.stat"),
                (reclaimable,),
            )
            for folder, (limit, use, reclaimable) in self._limited()
        ]

    def read(self, readings: Readings) -> None:
        """Read both."""
        total, available, *rest = self._files.numbers(self._meminfo, _KEYS)
        if available is None:
            available = _estimate(*rest)
        total = None if total is None else total * 1024
        # A limit that the machine cannot reach limits nothing; version 1 writes `no limit` as a huge one.
        limits = self.limits(_NO_LIMIT if total is None else total)
        if total is not None and available is not None and not limits:  # the common case
            readings.put("memory_total", total / _MB, (self._meminfo,))
            readings.put("memory_available", min(available * 1024, total) / _MB, (self._meminfo,))
            return
        # Whichever is the smallest, and where it was read.
        totals = [(limit, file) for limit, _, file in limits]
        free = [(max(0, limit - used), file) for limit, used, file in limits if used is not None]
        if total is not None:
            totals.append((total, self._meminfo))
        if available is not None:
            free.append((available * 1024, self._meminfo))
        if totals:
            least, file = min(totals)
            readings.put("memory_total", least / _MB, (file,))
        else:
            why = "/proc/meminfo has no MemTotal, and no cgroup has a limit"
            readings.unknown("memory_total", why, (self._meminfo,))
        if len(limits) > len([used for _, used, _ in limits if used is not None]):
            why = "a cgroup limits memory, but does not tell how much is in use"
            readings.unknown("memory_available", why, [file for _, used, file in limits if used is None])
        elif free:
            least, file = min(free + totals)
            readings.put("memory_available", least / _MB, (file,))
        else:
            why = "/proc/meminfo has no MemAvailable, and no cgroup has a limit"
            readings.unknown("memory_available", why, (self._meminfo,))

    def _limited(self) -> list[tuple[str, tuple[str, str, str]]]:
        membership = self._files.text(self._file(MEMBERSHIP)) or ""
        groups = [(folder, _V1) for folder in folders_v1(membership, "memory")]
        groups += [(folder, _V2) for folder in folders_v2(membership)]
        limits = ((group, self._files.integer(self._file(group[0], group[1][0]))) for group in groups)
        return [group for group, limit in limits if limit is not None and 0 <= limit < _NO_LIMIT]

    def limits(self, ceiling: int) -> list[tuple[int, int | None, int]]:
        """List (limit, used, file of the limit) in bytes for each enclosing cgroup whose limit is below the ceiling."""
        found: list[tuple[int, int | None, int]] = []
        for limit_file, use_file, details, key in self._groups:
            limit = self._files.integer(limit_file)
            if limit is None or not 0 <= limit < ceiling:  # `max`, no such file, or no limit
                continue
            used = self._files.integer(use_file)
            if used is not None:
                # The kernel drops cold file pages before it kills: MemAvailable counts them as free, too.
                used = max(0, used - (self._files.numbers(details, key)[0] or 0))
            found.append((limit, used, limit_file))
        return found


def cgroup_limits(root: Path, ceiling: int) -> list[tuple[int, int | None]]:
    """List (limit, used) in bytes for each cgroup around this process whose limit is below the ceiling."""
    limits = MemoryReader(PlainFiles(root)).limits(ceiling)
    return [(limit, used) for limit, used, _ in limits]


def _estimate(
    free: int | None, buffers: int | None, cached: int | None, slab: int | None, shared: int | None
) -> int | None:
    # Kernels before 3.14 have no MemAvailable; what they cache can be had back, but for shared memory.
    if free is None:
        return None
    return free + max(0, (buffers or 0) + (cached or 0) + (slab or 0) - (shared or 0))
