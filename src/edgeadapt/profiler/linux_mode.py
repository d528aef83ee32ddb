"""Whether the user asked a Linux machine to spare power: the firmware's platform profile."""

from __future__ import annotations

from edgeadapt.profiler.linux_reader import LinuxReader
from edgeadapt.profiler.readings import Readings


class ModeReader(LinuxReader):
    """Reads `low_power_mode`."""

    def look(self) -> None:
        """Note the file."""
        self._profile = self._file("/sys/firmware/acpi/platform_profile")

    def read(self, readings: Readings) -> None:
        """Read it."""
        profile = self._files.text(self._profile)
        if profile:
            readings.put("low_power_mode", profile == "low-power", (self._profile,))
        else:
            readings.unknown("low_power_mode", "the firmware has no platform profile", (self._profile,))
