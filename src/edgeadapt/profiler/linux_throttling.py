"""What slows a Linux machine's processors now: cooling devices, a Raspberry Pi's firmware, a cgroup's quota."""

from __future__ import annotations

import re
from collections.abc import Hashable

from edgeadapt.profiler.kernel_files import KernelFiles
from edgeadapt.profiler.linux_quota import QuotaMeter
from edgeadapt.profiler.linux_reader import LinuxReader
from edgeadapt.profiler.readings import Place, Readings

_THERMAL, _PLATFORM = "/sys/class/thermal", "/sys/devices/platform"
# What slows no processor: a fan that turns, Intel's offset, which is a setting, a dimmed screen, slower charging or radio.
_HARMLESS = ("fan", "tcc offset", "lcd", "backlight", "panel", "battery", "charg", "wifi", "wlan", "modem")
# Raspberry Pi's firmware: frequency capped, throttled, soft temperature limit; the upper half is history.
_HEXADECIMAL = re.compile(r"(0x)?[0-9a-fA-F]{1,16}\Z")
_FIRMWARE_SLOWS = 0b1110


class ThrottlingReader(LinuxReader):
    """Reads `throttled`."""

    def __init__(self, files: KernelFiles) -> None:
        self._quota = QuotaMeter(files)
        super().__init__(files)

    def layout(self) -> Hashable:
        """Return the cooling devices' names, and the quotas around this process."""
        return self._names(_THERMAL, "cooling_device"), self._quota.layout()

    def look(self) -> None:
        """Find the cooling devices that matter, and the firmware's file."""
        self._quota.look()
        self._states: list[int] = []
        for device in self._names(_THERMAL, "cooling_device"):
            kind = (self._files.text(self._file(_THERMAL, device, "type")) or "").lower()
            if kind and not any(word in kind for word in _HARMLESS):
                self._states.append(self._file(_THERMAL, device, "cur_state"))
        self._firmware = [
            self._file(_PLATFORM, soc, firmware, "get_throttled")
            for soc in self._names(_PLATFORM, "soc")
            for firmware in self._names(f"{_PLATFORM}/{soc}", "soc:firmware")
        ]

    def read(self, readings: Readings) -> None:
        """Ask all of them; one that slows is enough."""
        told: list[tuple[bool, Place]] = []
        for file in self._states:
            level = self._files.integer(file)
            if level is not None:
                told.append((level > 0, file))
        for file in self._firmware:
            text = self._files.text(file) or ""
            if _HEXADECIMAL.match(text):
                told.append((int(text, 16) & _FIRMWARE_SLOWS != 0, file))
        told += self._quota.read(readings.now)
        if told:
            slowing = [place for slows, place in told if slows]
            readings.put("throttled", bool(slowing), slowing or [place for _, place in told])
        else:
            where: list[Place] = [*self._states, *self._firmware] or [_THERMAL]
            readings.unknown(
                "throttled", "there is no cooling device or quota that slows the processor", where
            )
