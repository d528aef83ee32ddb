"""Heat on Linux: the hottest thermal zone, or hardware monitor where no zone tells."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from edgeadapt.profiler.linux_reader import LinuxReader
from edgeadapt.profiler.readings import Readings

_ZONES, _MONITORS = "/sys/class/thermal", "/sys/class/hwmon"


class HeatReader(LinuxReader):
    """Reads `temperature`."""

    def layout(self) -> Hashable:
        """Return the zones' and the monitors' names."""
        return self._names(_ZONES, "thermal_zone"), self._names(_MONITORS, "hwmon")

    def look(self) -> None:
        """Find both kinds of sensor."""
        self._zones = [self._file(_ZONES, zone, "temp") for zone in self._names(_ZONES, "thermal_zone")]
        self._sensors = [
            self._file(_MONITORS, chip, name)
            for chip in self._names(_MONITORS, "hwmon")
            for name in self._names(f"{_MONITORS}/{chip}", "temp")
            if name.endswith("_input")
        ]

    def read(self, readings: Readings) -> None:
        """Take the highest temperature."""
        if not self._zones and not self._sensors:
            readings.unknown("temperature", "there is no thermal zone", (_ZONES, _MONITORS))
            return
        hottest = self._hottest(self._zones) or self._hottest(self._sensors)
        if hottest is not None:
            celsius, file = hottest
            readings.put("temperature", celsius, (file,))
        else:
            where = [*self._zones, *self._sensors]
            readings.unknown("temperature", "no thermal zone tells a plausible temperature", where)

    def _hottest(self, sensors: Sequence[int]) -> tuple[float, int] | None:
        told = ((self._files.integer(file), file) for file in sensors)
        celsius = ((value / 1000.0, file) for value, file in told if value is not None)
        # Sensors that are off or broken answer with values that no device survives.
        return max((at for at in celsius if -40.0 <= at[0] <= 150.0), default=None)
