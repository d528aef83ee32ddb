"""Batteries and chargers on Linux: /sys/class/power_supply, several batteries weighed by energy."""

from __future__ import annotations

from pathlib import Path

import attrs

from edgeadapt.profiler.kernel_file import folders, read_int, read_text
from edgeadapt.profiler.readings import Readings

_CHARGERS = ("Mains", "USB", "Wireless")
_NO_BATTERY = "there is no battery"
_NOT_DRAINING = "it is only known while a battery drains"


@attrs.frozen
class _Battery:
    pct: float | None
    status: str
    energy_now_wh: float | None
    energy_full_wh: float | None
    power_w: float | None
    time_left_s: int | None


def read_batteries(root: Path, readings: Readings) -> None:
    """Read `battery`, `charging`, `power_draw` and `battery_time_left`."""
    batteries: list[_Battery] = []
    chargers: list[int] = []
    for folder in folders(root / "sys/class/power_supply"):
        # Scope `Device` is a mouse's or a headset's battery, or a port that feeds another device.
        if read_text(folder / "scope") == "Device":
            continue
        kind = read_text(folder / "type") or ""
        if kind == "Battery":
            if read_int(folder / "present") != 0:
                batteries.append(_read_battery(folder))
        elif kind.startswith(_CHARGERS):
            online = read_int(folder / "online")
            if online is not None:
                chargers.append(online)
    fed = any(online > 0 for online in chargers)
    _charge(batteries, readings)
    _charging(batteries, chargers, readings)
    _draw(batteries, fed, readings)
    _time_left(batteries, readings)


def _read_battery(folder: Path) -> _Battery:
    volts = _amount(folder, "voltage_now")
    # Drivers count either energy (µWh) or charge (µAh).
    now, full = _amount(folder, "energy_now"), _amount(folder, "energy_full")
    if now is None or full is None:
        now, full = (
            _times(_amount(folder, "charge_now"), volts),
            _times(_amount(folder, "charge_full"), volts),
        )
    capacity = read_int(folder / "capacity")
    pct = float(capacity) if capacity is not None and 0 <= capacity <= 100 else None
    if pct is None and now is not None and full:
        pct = min(100.0, 100.0 * now / full)
    if now is None and pct is not None and full:  # phones tell a battery's size and share, not its energy
        now = full * pct / 100.0
    power = _micro(folder, "power_now")
    if power is None:
        power = _times(_micro(folder, "current_now"), volts)
    time_left = read_int(folder / "time_to_empty_now")
    return _Battery(
        pct=pct,
        status=read_text(folder / "status") or "",
        energy_now_wh=now,
        energy_full_wh=full,
        # The sign of current and power differs by driver; the status tells the direction.
        power_w=abs(power) if power else None,
        time_left_s=time_left if time_left is not None and time_left > 0 else None,
    )


def _charge(batteries: list[_Battery], readings: Readings) -> None:
    known = [(battery.pct, battery.energy_full_wh) for battery in batteries if battery.pct is not None]
    if not known:
        readings.unknown("battery", "no battery tells its charge" if batteries else _NO_BATTERY)
        return
    weights = [full for _, full in known if full]
    if len(weights) < len(known):  # without every battery's size, all count the same
        weights = [1.0] * len(known)
    readings.put("battery", sum(pct * w for (pct, _), w in zip(known, weights, strict=True)) / sum(weights))


def _charging(batteries: list[_Battery], chargers: list[int], readings: Readings) -> None:
    states = {battery.status for battery in batteries}
    fed = any(online > 0 for online in chargers)
    if "Charging" in states:
        readings.put("charging", True)
    elif "Discharging" in states:  # also on a charger that is too weak
        readings.put("charging", False)
    elif fed:
        readings.put("charging", True)
    elif not batteries:  # the power that it does run on is not the kernel's to see
        readings.unknown("charging", "there is no battery, and no charger that is online")
    elif chargers:
        readings.put("charging", False)
    elif states & {"Full", "Not charging"}:  # a battery on its own would be discharging
        readings.put("charging", True)
    else:
        readings.unknown("charging", "no battery tells its status, and there is no charger to see")


def _draw(batteries: list[_Battery], fed: bool, readings: Readings) -> None:
    draining = [battery.power_w for battery in batteries if battery.status == "Discharging"]
    powers = [power for power in draining if power is not None]
    if not draining:
        readings.unknown("power_draw", _NOT_DRAINING if batteries else _NO_BATTERY)
    elif fed:
        readings.unknown("power_draw", "a charger gives a share that it does not tell")
    elif len(powers) < len(draining):
        readings.unknown("power_draw", "not every battery that drains tells its power")
    else:
        readings.put("power_draw", sum(powers))


def _time_left(batteries: list[_Battery], readings: Readings) -> None:
    draining = [battery.power_w for battery in batteries if battery.status == "Discharging"]
    powers = [power for power in draining if power is not None]
    energies = [battery.energy_now_wh for battery in batteries if battery.energy_now_wh is not None]
    told = batteries[0].time_left_s if len(batteries) == 1 else None
    if not draining:
        readings.unknown("battery_time_left", _NOT_DRAINING if batteries else _NO_BATTERY)
    elif len(powers) == len(draining) and len(energies) == len(batteries):
        readings.put("battery_time_left", 3600.0 * sum(energies) / sum(powers))
    elif told is not None:
        readings.put("battery_time_left", told)
    else:
        readings.unknown("battery_time_left", "not every battery tells its energy and power")


def _micro(folder: Path, name: str) -> float | None:
    value = read_int(folder / name)
    return None if value is None else value / 1e6


def _amount(folder: Path, name: str) -> float | None:
    value = _micro(folder, name)
    return None if value is None or value < 0 else value


def _times(amount: float | None, volts: float | None) -> float | None:
    return None if amount is None or volts is None else amount * volts
