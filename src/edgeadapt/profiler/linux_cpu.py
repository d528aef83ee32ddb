"""The processors on Linux: busy time between two snapshots, clock, and pressure."""

from __future__ import annotations

from pathlib import Path

from edgeadapt.profiler.kernel_file import folders, read_int, read_text
from edgeadapt.profiler.readings import Readings

# user nice system idle iowait irq softirq steal; guest time is already in user.
_COUNTED = 8
_IDLE, _IOWAIT = 3, 4
# Over fewer ticks (of 10 ms, summed over the processors) the answer would be mostly chance, and often 0 % or 100 %.
_FEWEST_TICKS = 20


class CpuMeter:
    """Turns /proc/stat's counters into utilisation.

    The constructor takes the baseline. Until enough ticks have passed since then the answer is the average since boot;
    later, between two reads with too few ticks, it is the last one.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._last = self._counters()
        self._pct: float | None = None
        if self._last is not None and self._last[1] > 0:
            self._pct = 100.0 * self._last[0] / self._last[1]

    def read(self, readings: Readings) -> None:
        """Read `cpu`, in percent of all processors."""
        now = self._counters()
        if now is None:
            readings.unknown("cpu", "/proc/stat has no line of processor times")
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
            readings.unknown("cpu", "/proc/stat counts no processor time")
        else:
            readings.put("cpu", self._pct)

    def _counters(self) -> tuple[int, int] | None:
        """Return busy and total ticks since boot."""
        text = read_text(self._root / "proc/stat") or ""
        words = text.partition("\n")[0].split()
        counted = words[1 : _COUNTED + 1]
        if words[:1] != ["cpu"] or len(counted) <= _IDLE:
            return None
        # One that is no number would shift the others' meaning.
        if not all(word.isascii() and word.isdecimal() and len(word) < 30 for word in counted):
            return None
        ticks = [int(word) for word in counted]
        idle = ticks[_IDLE] + (ticks[_IOWAIT] if len(ticks) > _IOWAIT else 0)
        return sum(ticks) - idle, sum(ticks)


def read_cpu_frequency(root: Path, readings: Readings) -> None:
    """Read `cpu_frequency`: the fastest processor's present clock."""
    policies = folders(root / "sys/devices/system/cpu/cpufreq", "policy")
    clocks = (read_int(folder / "scaling_cur_freq") for folder in policies)
    khz = [clock for clock in clocks if clock is not None and clock > 0]
    if khz:
        readings.put("cpu_frequency", max(khz) / 1000.0)
        return
    mhz: list[float] = []
    for line in (read_text(root / "proc/cpuinfo") or "").splitlines():
        key, colon, clock = line.partition(":")
        if colon and key.strip() == "cpu MHz":
            try:
                value = float(clock)
            except ValueError:
                continue
            if 0 < value < float("inf"):
                mhz.append(value)
    if mhz:
        readings.put("cpu_frequency", max(mhz))
    else:
        readings.unknown("cpu_frequency", "there is no cpufreq policy, and /proc/cpuinfo has no clock")


def read_pressure(root: Path, readings: Readings) -> None:
    """Read `cpu_pressure` and `memory_pressure`: PSI, some, over ten seconds."""
    for signal, name in (("cpu_pressure", "cpu"), ("memory_pressure", "memory")):
        value = _some_avg10(read_text(root / "proc/pressure" / name) or "")
        if value is None:
            readings.unknown(signal, f"/proc/pressure/{name} tells nothing: the kernel has PSI off")
        else:
            readings.put(signal, value)


def _some_avg10(text: str) -> float | None:
    for line in text.splitlines():
        words = line.split()
        if words[:1] == ["some"]:
            for word in words[1:]:
                key, _, value = word.partition("=")
                if key == "avg10":
                    try:
                        return float(value)
                    except ValueError:
                        return None
    return None
