"""The processors on Linux: busy time between two snapshots, and clock."""

from __future__ import annotations

from collections.abc import Hashable

from edgeadapt.profiler.kernel_files import KernelFiles
from edgeadapt.profiler.linux_reader import LinuxReader
from edgeadapt.profiler.readings import Readings

# user nice system idle iowait irq softirq steal; guest time is already in user.
_COUNTED = 8
_IDLE, _IOWAIT = 3, 4
# Over fewer ticks (of 10 ms, summed over the processors) the answer would be mostly chance, and often 0 % or 100 %.
_FEWEST_TICKS = 20
_CPUFREQ = "/sys/devices/system/cpu/cpufreq"


class CpuReader(LinuxReader):
    """Reads `cpu`, in percent of all processors, from /proc/stat's counters.

    The constructor takes the baseline. Until enough ticks have passed since then the answer is the average since boot;
    later, between two reads with too few ticks, it is the last one.
    """

    def __init__(self, files: KernelFiles) -> None:
        super().__init__(files)
        self._stat = self._file("/proc/stat")
        self._last = self._counters()
        self._pct: float | None = None
        if self._last is not None and self._last[1] > 0:
            self._pct = 100.0 * self._last[0] / self._last[1]

    def read(self, readings: Readings) -> None:
        """Compare with the last counters."""
        now = self._counters()
        if now is None:
            readings.unknown("cpu", "/proc/stat has no line of processor times", (self._stat,))
            return
        if self._last is not None:
            total = now[1] - self._last[1]
            if 0 <= total < _FEWEST_TICKS:
                now = self._last
            elif total > 0:
                # Idle and I/O-wait counters may go back by a tick.
                self._pct = min(100.0, max(0.0, 100.0 * (now[0] - self._last[0]) / total))
        elif now[1] > 0:
            self._pct = 100.0 * now[0] / now[1]
        self._last = now
        if self._pct is None:
            readings.unknown("cpu", "/proc/stat counts no processor time", (self._stat,))
        else:
            readings.put("cpu", self._pct, (self._stat,))

    def _counters(self) -> tuple[int, int] | None:
        """Return busy and total ticks since boot."""
        ticks = self._files.counters(self._stat, "cpu")[:_COUNTED]
        if len(ticks) <= _IDLE:
            return None
        idle = ticks[_IDLE] + (ticks[_IOWAIT] if len(ticks) > _IOWAIT else 0)
        total = sum(ticks)
        return total - idle, total


class CpuFrequencyReader(LinuxReader):
    """Reads `cpu_frequency`: the fastest processor's present clock."""

    def layout(self) -> Hashable:
        """Return the policies, or all of /proc/cpuinfo: it is long, and without policies clocks hardly change."""
        policies = self._names(_CPUFREQ, "policy")
        return policies or self._files.text(self._file("/proc/cpuinfo"))

    def look(self) -> None:
        """Find the policies, or read /proc/cpuinfo in their place."""
        self._clocks = [
            self._file(_CPUFREQ, policy, "scaling_cur_freq") for policy in self._names(_CPUFREQ, "policy")
        ]
        self._cpuinfo = self._file("/proc/cpuinfo")
        self._mhz = self._cpuinfo_mhz()

    def read(self, readings: Readings) -> None:
        """Take the highest clock."""
        khz, file = 0, self._cpuinfo
        for policy in self._clocks:
            clock = self._files.integer(policy)
            if clock is not None and clock > khz:
                khz, file = clock, policy
        if khz > 0:
            readings.put("cpu_frequency", khz / 1000.0, (file,))
        elif self._mhz is not None:
            readings.put("cpu_frequency", self._mhz, (self._cpuinfo,))
        else:
            why = "there is no cpufreq policy, and /proc/cpuinfo has no clock"
            readings.unknown("cpu_frequency", why, (_CPUFREQ, self._cpuinfo))

    def _cpuinfo_mhz(self) -> float | None:
        found: list[float] = []
        for line in (self._files.text(self._cpuinfo) or "").splitlines():
            key, colon, clock = line.partition(":")
            if colon and key.strip() == "cpu MHz":
                try:
                    value = float(clock)
                except ValueError:
                    continue
                if 0 < value < float("inf"):
                    found.append(value)
        return max(found, default=None)
