"""Heat on Linux: the hottest thermal zone, or hardware monitor, and whether cooling slows the device down."""

from __future__ import annotations

import re
from pathlib import Path

from edgeadapt.profiler.kernel_file import folders, read_int, read_text
from edgeadapt.profiler.readings import Readings

# What slows no processor: a fan that turns, Intel's offset, which is a setting, a dimmed screen, slower charging or radio.
_HARMLESS = ("fan", "tcc offset", "lcd", "backlight", "panel", "battery", "charg", "wifi", "wlan", "modem")
# Raspberry Pi's firmware: frequency capped, throttled, soft temperature limit; the upper half is history.
_HEXADECIMAL = re.compile(r"(0x)?[0-9a-fA-F]{1,16}\Z")
_FIRMWARE_SLOWS = 0b1110


def read_heat(root: Path, readings: Readings) -> None:
    """Read `temperature` and `throttled`."""
    zones = folders(root / "sys/class/thermal", "thermal_zone")
    sensors = [zone / "temp" for zone in zones]
    hottest = _hottest(sensors)
    if hottest is None:
        chips = folders(root / "sys/class/hwmon", "hwmon")
        sensors = [file for chip in chips for file in folders(chip, "temp") if file.name.endswith("_input")]
        hottest = _hottest(sensors)
    if hottest is not None:
        readings.put("temperature", hottest)
    elif zones or sensors:
        readings.unknown("temperature", "no thermal zone tells a plausible temperature")
    else:
        readings.unknown("temperature", "there is no thermal zone")
    _throttled(root, readings)


def _hottest(sensors: list[Path]) -> float | None:
    celsius = [value / 1000.0 for path in sensors if (value := read_int(path)) is not None]
    # Sensors that are off or broken answer with values that no device survives.
    plausible = [value for value in celsius if -40.0 <= value <= 150.0]
    return max(plausible, default=None)


def _throttled(root: Path, readings: Readings) -> None:
    states: list[int] = []
    for device in folders(root / "sys/class/thermal", "cooling_device"):
        kind = (read_text(device / "type") or "").lower()
        level = read_int(device / "cur_state")
        if level is not None and kind and not any(word in kind for word in _HARMLESS):
            states.append(level)
    firmware = _firmware_bits(root)
    if firmware is not None:
        states.append(firmware & _FIRMWARE_SLOWS)
    if states:
        readings.put("throttled", any(level > 0 for level in states))
    else:
        readings.unknown("throttled", "there is no cooling device that slows the processor")


def _firmware_bits(root: Path) -> int | None:
    for soc in folders(root / "sys/devices/platform", "soc"):
        for folder in folders(soc, "soc:firmware"):
            text = read_text(folder / "get_throttled") or ""
            if _HEXADECIMAL.match(text):
                return int(text, 16)
    return None
