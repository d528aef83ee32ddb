"""Batteries and chargers on Linux: /sys/class/power_supply, several batteries weighed by energy."""

from __future__ import annotations

from pathlib import Path

import attrs

from edgeadapt.profiler.kernel_file import folders, read_int, read_text
from edgeadapt.profiler.readings import Readings

_CHARGERS = ("Mains", "USB", "Wireless")


@attrs.frozen
class _Battery:
    pct: float | None
    status: str
    energy_now_wh: float | None
    energy_full_wh: float | None
    power_w: float | None


def read_batteries(root: Path, readings: Readings) -> None:
    """Read `battery`, `charging`, `power_draw` and `battery_time_left`."""
    batteries: list[_Battery] = []
    chargers: list[int] = []
    for folder in folders(root / "sys/class/power_supply"):
        kind = read_text(folder / "type")
        if kind == "Battery":
            # Scope `Device` is a mouse's or a headset's battery, not this machine's.
            if read_text(folder / "scope") != "Device" and read_int(folder / "present") != 0:
                batteries.append(_read_battery(folder))
        elif kind is not None and kind.startswith(_CHARGERS):
            online = read_int(folder / "online")
            if online is not None:
                chargers.append(online)
    _charge(batteries, readings)
    _charging(batteries, chargers, readings)
    _draw(batteries, readings)


def _read_battery(folder: Path) -> _Battery:
    volts = _micro(folder, "voltage_now")
    # Drivers count either energy (µWh) or charge (µAh).
    now, full = _micro(folder, "energy_now"), _micro(folder, "energy_full")
    if now is None or full is None:
        now, full = _times(_micro(folder, "charge_now"), volts), _times(_micro(folder, "charge_full"), volts)
    power = _micro(folder, "power_now")
    if power is None:
        power = _times(_micro(folder, "current_now"), volts)
    capacity = read_int(folder / "capacity")
    pct = float(capacity) if capacity is not None and 0 <= capacity <= 100 else None
    if pct is None and now is not None and full is not None and full > 0:
        pct = min(100.0, max(0.0, 100.0 * now / full))
    # The sign of current and power differs by driver; the status tells the direction.
    return _Battery(pct, read_text(folder / "status") or "", now, full, None if power is None else abs(power))


def _charge(batteries: list[_Battery], readings: Readings) -> None:
    known = [(battery.pct, battery.energy_full_wh) for battery in batteries if battery.pct is not None]
    if not known:
        readings.unknown("battery", "no battery tells its charge" if batteries else "there is no battery")
        return
    weights = [full for _, full in known if full is not None and full > 0]
    if len(weights) < len(known):  # without every battery's size, all count the same
        weights = [1.0] * len(known)
    readings.put("battery", sum(pct * w for (pct, _), w in zip(known, weights, strict=True)) / sum(weights))


def _charging(batteries: list[_Battery], chargers: list[int], readings: Readings) -> None:
    states = {battery.status for battery in batteries}
    if "Charging" in states:
        readings.put("charging", True)
    elif "Discharging" in states:  # also on a charger that is too weak
        readings.put("charging", False)
    elif chargers:
        readings.put("charging", any(online > 0 for online in chargers))
    elif states & {"Full", "Not charging"}:  # a battery on its own would be discharging
        readings.put("charging", True)
    else:
        readings.unknown("charging", "no battery tells its status, and there is no charger to see")


def _draw(batteries: list[_Battery], readings: Readings) -> None:
    draining = [battery for battery in batteries if battery.status == "Discharging"]
    powers = [battery.power_w for battery in draining if battery.power_w is not None]
    why = "it is only known while a battery drains" if not draining else "no battery tells its power"
    if not powers or len(powers) < len(draining) or sum(powers) <= 0:
        readings.unknown("power_draw", why)
        readings.unknown("battery_time_left", why)
        return
    readings.put("power_draw", sum(powers))
    energies = [battery.energy_now_wh for battery in batteries if battery.energy_now_wh is not None]
    if energies and len(energies) == len(batteries):
        readings.put("battery_time_left", 3600.0 * sum(energies) / sum(powers))
    else:
        readings.unknown("battery_time_left", "not every battery tells its energy")


def _micro(folder: Path, name: str) -> float | None:
    value = read_int(folder / name)
    return None if value is None else value / 1e6


def _times(amount: float | None, volts: float | None) -> float | None:
    return None if amount is None or volts is None else amount * volts
