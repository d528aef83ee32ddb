"""Batteries and chargers on Linux: /sys/class/power_supply, several batteries weighed by energy."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from edgeadapt.profiler.kernel_files import KernelFiles
from edgeadapt.profiler.linux_reader import LinuxReader
from edgeadapt.profiler.linux_supply import BATTERY_FILES, Battery, read_battery
from edgeadapt.profiler.readings import Place, Readings

_FOLDER = "/sys/class/power_supply"
_CHARGERS = ("Mains", "USB", "Wireless")
_NO_BATTERY = "there is no battery"
_NO_CHARGER = "there is no battery, and no charger that is online"
_NOT_DRAINING = "it is only known while a battery drains"
_NONE = (
    ("battery", _NO_BATTERY),
    ("charging", _NO_CHARGER),
    ("power_draw", _NO_BATTERY),
    ("battery_time_left", _NO_BATTERY),
)


class BatteryReader(LinuxReader):
    """Reads `battery`, `charging`, `power_draw` and `battery_time_left`."""

    def layout(self) -> Hashable:
        """Return the supplies' names, which come and go with what is plugged in."""
        return self._names(_FOLDER)

    def look(self) -> None:
        """Tell batteries from chargers."""
        self._batteries: list[Mapping[str, int]] = []
        self._chargers: list[int] = []
        for name in self._names(_FOLDER):
            # Scope `Device` is a mouse's or a headset's battery, or a port that feeds another device.
            if self._files.text(self._file(_FOLDER, name, "scope")) == "Device":
                continue
            kind = self._files.text(self._file(_FOLDER, name, "type")) or ""
            if kind == "Battery":
                self._batteries.append({file: self._file(_FOLDER, name, file) for file in BATTERY_FILES})
            elif kind.startswith(_CHARGERS):
                self._chargers.append(self._file(_FOLDER, name, "online"))

    def read(self, readings: Readings) -> None:
        """Read all four."""
        if not self._batteries and not self._chargers:  # most machines, and so their snapshot's common case
            for signal, why in _NONE:
                readings.unknown(signal, why, (_FOLDER,))
            return
        batteries = [
            read_battery(self._files, supply)
            for supply in self._batteries
            if self._files.integer(supply["present"]) != 0
        ]
        chargers = _online(self._files, self._chargers)
        _charge(batteries, readings)
        _charging(batteries, chargers, readings)
        _draw(batteries, chargers, readings)
        _time_left(batteries, readings)


def _online(files: KernelFiles, chargers: list[int]) -> dict[int, bool]:
    """Return whether each charger feeds, by its file, of those that tell."""
    told = ((file, files.integer(file)) for file in chargers)
    return {file: online > 0 for file, online in told if online is not None}


def _charge(batteries: list[Battery], readings: Readings) -> None:
    known = [battery for battery in batteries if battery.pct is not None]
    places: list[Place] = [battery.capacity_file for battery in known or batteries] or [_FOLDER]
    if not known:
        why = "no battery tells its charge" if batteries else _NO_BATTERY
        readings.unknown("battery", why, places)
        return
    shares = [battery.pct or 0.0 for battery in known]
    sizes = [battery.energy_full_wh or 0.0 for battery in known]
    if 0.0 in sizes:  # without every battery's size, all count the same
        sizes = [1.0] * len(known)
    weighed = sum(share * size for share, size in zip(shares, sizes, strict=True))
    readings.put("battery", weighed / sum(sizes), places)


def _charging(batteries: list[Battery], chargers: dict[int, bool], readings: Readings) -> None:
    states = {battery.status for battery in batteries}
    fed = any(chargers.values())
    places: list[Place] = [*(battery.status_file for battery in batteries), *chargers] or [_FOLDER]
    if "Charging" in states:
        readings.put("charging", True, places)
    elif "Discharging" in states:  # also on a charger that is too weak
        readings.put("charging", False, places)
    elif fed:
        readings.put("charging", True, places)
    elif not batteries:  # the power that it does run on is not the kernel's to see
        readings.unknown("charging", _NO_CHARGER, places)
    elif chargers:
        readings.put("charging", False, places)
    elif states & {"Full", "Not charging"}:  # a battery on its own would be discharging
        readings.put("charging", True, places)
    else:
        why = "no battery tells its status, and there is no charger to see"
        readings.unknown("charging", why, places)


def _draw(batteries: list[Battery], chargers: dict[int, bool], readings: Readings) -> None:
    draining = [battery for battery in batteries if battery.status == "Discharging"]
    powers = [battery.power_w for battery in draining if battery.power_w is not None]
    places = [battery.power_file for battery in draining]
    if not draining:
        where: list[Place] = [battery.status_file for battery in batteries] or [_FOLDER]
        readings.unknown("power_draw", _NOT_DRAINING if batteries else _NO_BATTERY, where)
    elif any(chargers.values()):
        readings.unknown("power_draw", "a charger gives a share that it does not tell", list(chargers))
    elif len(powers) < len(draining):
        readings.unknown("power_draw", "not every battery that drains tells its power", places)
    else:
        readings.put("power_draw", sum(powers), places)


def _time_left(batteries: list[Battery], readings: Readings) -> None:
    draining = [battery for battery in batteries if battery.status == "Discharging"]
    powers = [battery.power_w for battery in draining if battery.power_w is not None]
    energies = [battery.energy_now_wh for battery in batteries if battery.energy_now_wh is not None]
    told = batteries[0].time_left_s if len(batteries) == 1 else None
    if not draining:
        where: list[Place] = [battery.status_file for battery in batteries] or [_FOLDER]
        readings.unknown("battery_time_left", _NOT_DRAINING if batteries else _NO_BATTERY, where)
    elif len(powers) == len(draining) and len(energies) == len(batteries):
        places = [battery.energy_file for battery in batteries]
        readings.put(
            "battery_time_left",
            3600.0 * sum(energies) / sum(powers),
            places + [b.power_file for b in draining],
        )
    elif told is not None:
        readings.put("battery_time_left", told, (batteries[0].time_left_file,))
    else:
        untold = [battery.energy_file for battery in batteries]
        readings.unknown("battery_time_left", "not every battery tells its energy and power", untold)
