"""Whether a cgroup's quota of processor time (v1 or v2) holds this process back now."""

from __future__ import annotations

from collections.abc import Hashable

from edgeadapt.profiler.kernel_files import KernelFiles
from edgeadapt.profiler.linux_cgroup import MEMBERSHIP, folders_v1, folders_v2

# A quota binds where the group used it up in that share of its periods: a burst does so in a single one.
_BINDING = 0.25
# Ten periods of the usual 100 ms: between two reads closer than that, the last answer stands.
_LEAST_S = 1.0
_KEYS = ("nr_periods", "nr_throttled")


class QuotaMeter:
    """Turns the counters of each enclosing cgroup's cpu.stat into whether it was throttled since the last read."""

    def __init__(self, files: KernelFiles) -> None:
        self._files = files
        self._stats: list[int] = []
        # By file: periods, throttled ones, when they were read, and the answer then.
        self._last: dict[int, tuple[int, int, float, bool]] = {}

    def layout(self) -> Hashable:
        """Return the quotas, which can be changed while a container runs."""
        return tuple(self._files.text(quota) for quota, _ in self._groups())

    def look(self) -> None:
        """Find the groups that have a quota."""
        self._stats = [stat for quota, stat in self._groups() if self._limits(quota)]
        self._last = {file: last for file, last in self._last.items() if file in self._stats}

    def read(self, now: float) -> list[tuple[bool, int]]:
        """Return of each group with a quota whether it binds, and the file that tells."""
        return [(slows, file) for file in self._stats if (slows := self._slows(file, now)) is not None]

    def _slows(self, file: int, now: float) -> bool | None:
        periods, throttled = self._files.numbers(file, _KEYS)
        if periods is None or throttled is None:
            return None
        last = self._last.get(file)
        if last is not None and 0 <= now - last[2] < _LEAST_S:
            return last[3]
        # Periods pass only while the group has something to run.
        slows = (
            last is not None
            and throttled - last[1] > 0
            and throttled - last[1] >= _BINDING * (periods - last[0])
        )
        self._last[file] = (periods, throttled, now, slows)
        return slows

    def _groups(self) -> list[tuple[int, int]]:
        """Return each enclosing group's files of the quota and of its counters."""
        membership = self._files.text(self._files.add(MEMBERSHIP)) or ""
        found = [(folder, "cpu.max") for folder in folders_v2(membership)]
        found += [(folder, "cpu.cfs_quota_us") for folder in folders_v1(membership, "cpu")]
        add = self._files.add
        return [(add(f"{folder}/{quota}"), add(f"{folder}/cpu.stat")) for folder, quota in found]

    def _limits(self, quota: int) -> bool:
        word = (self._files.text(quota) or "").split(maxsplit=1)[:1]
        return bool(word) and word[0].isascii() and word[0].isdecimal()
