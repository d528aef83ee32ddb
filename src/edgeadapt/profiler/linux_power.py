"""What a Linux machine without a draining battery draws: the rail that feeds a Jetson, or Intel's whole-platform counter."""

from __future__ import annotations

from collections.abc import Hashable

from edgeadapt.profiler.kernel_files import KernelFiles
from edgeadapt.profiler.linux_reader import LinuxReader
from edgeadapt.profiler.readings import Readings

_MONITORS, _COUNTERS = "/sys/class/hwmon", "/sys/class/powercap"
# The rail before all others; parts of a board's power are not the device's.
_WHOLE_BOARD = ("VDD_IN", "POM_5V_IN")
_CHANNELS = ("1", "2", "3")
# A counter that advances by the millisecond says too little about a shorter time.
_LEAST_S = 0.1


class PowerReader(LinuxReader):
    """Reads `power_draw` where no battery told it."""

    def __init__(self, files: KernelFiles) -> None:
        # By the counter's file: energy in µJ, when it was read, and the power then.
        self._last: dict[int, tuple[int, float, float | None]] = {}
        super().__init__(files)

    def layout(self) -> Hashable:
        """Return the monitors' and the counters' names."""
        return self._names(_MONITORS, "hwmon"), self._names(_COUNTERS, "intel-rapl:")

    def look(self) -> None:
        """Find the rails, as voltage and current, and the counters, with where each begins again."""
        self._rails: list[tuple[int, int]] = []
        for chip in self._names(_MONITORS, "hwmon"):
            for channel in _CHANNELS:
                label = self._files.text(self._file(_MONITORS, chip, f"in{channel}_label"))
                if label in _WHOLE_BOARD:
                    files = (f"in{channel}_input", f"curr{channel}_input")
                    self._rails.append(
                        (self._file(_MONITORS, chip, files[0]), self._file(_MONITORS, chip, files[1]))
                    )
        self._counters = [
            (self._file(_COUNTERS, zone, "energy_uj"), self._file(_COUNTERS, zone, "max_energy_range_uj"))
            for zone in self._names(_COUNTERS, "intel-rapl:")
            if self._files.text(self._file(_COUNTERS, zone, "name")) == "psys"
        ]

    def read(self, readings: Readings) -> None:
        """Read it unless a battery has told it."""
        # Also while a battery drains, so that the counter's last value is never old.
        counted = [
            (power, file) for file, end in self._counters if (power := self._counted(file, end, readings.now))
        ]
        if readings.has("power_draw"):
            return
        for volts_file, amps_file in self._rails:
            millivolts, milliamps = self._files.integer(volts_file), self._files.integer(amps_file)
            if millivolts is not None and milliamps is not None and millivolts > 0 and milliamps > 0:
                readings.put("power_draw", millivolts * milliamps / 1e6, (volts_file, amps_file))
                return
        if counted:
            power, file = counted[0]
            readings.put("power_draw", power, (file,))

    def _counted(self, file: int, end: int, now: float) -> float | None:
        energy = self._files.integer(file)
        if energy is None:
            return None
        last = self._last.get(file)
        if last is not None and 0 <= now - last[1] < _LEAST_S:
            return last[2]
        power = None
        if last is not None and now > last[1]:
            used = energy - last[0]
            if used < 0:  # it began again
                used += self._files.integer(end) or 0
            power = used / 1e6 / (now - last[1]) if used > 0 else None
        self._last[file] = (energy, now, power)
        return power
