"""One battery of /sys/class/power_supply, in watts and watt-hours, whatever its driver counts in."""

from __future__ import annotations

from collections.abc import Mapping

from edgeadapt.profiler.kernel_files import KernelFiles
from edgeadapt.values import frozen

BATTERY_FILES = (
    "present",
    "status",
    "capacity",
    "energy_now",
    "energy_full",
    "charge_now",
    "charge_full",
    "voltage_now",
    "power_now",
    "current_now",
    "time_to_empty_now",
)


@frozen
class Battery:
    """What a battery tells, and from which files."""

    pct: float | None
    status: str
    energy_now_wh: float | None
    energy_full_wh: float | None
    power_w: float | None
    time_left_s: int | None
    capacity_file: int
    status_file: int
    energy_file: int
    power_file: int
    time_left_file: int


def read_battery(files: KernelFiles, supply: Mapping[str, int]) -> Battery:
    """Read the battery whose files have these numbers."""

    def micro(name: str) -> float | None:
        value = files.integer(supply[name])
        return None if value is None else value / 1e6

    def amount(name: str) -> float | None:
        value = micro(name)
        return None if value is None or value < 0 else value

    # Drivers count either energy (µWh) or charge (µAh).
    now, full, energy_file = amount("energy_now"), amount("energy_full"), "energy_now"
    if now is None or full is None:
        volts = amount("voltage_now")
        now, full = _times(amount("charge_now"), volts), _times(amount("charge_full"), volts)
        energy_file = "charge_now"
    capacity = files.integer(supply["capacity"])
    pct, capacity_file = None, "capacity"
    if capacity is not None and 0 <= capacity <= 100:
        pct = float(capacity)
    elif now is not None and full:
        pct, capacity_file = min(100.0, 100.0 * now / full), energy_file
    if now is None and pct is not None and full:  # phones tell a battery's size and share, not its energy
        now, energy_file = full * pct / 100.0, "capacity"
    power, power_file = micro("power_now"), "power_now"
    if power is None:
        power, power_file = _times(micro("current_now"), amount("voltage_now")), "current_now"
    time_left = files.integer(supply["time_to_empty_now"])
    return Battery(
        pct=pct,
        status=files.text(supply["status"]) or "",
        energy_now_wh=now,
        energy_full_wh=full,
        # The sign of current and power differs by driver; the status tells the direction.
        power_w=abs(power) if power else None,
        time_left_s=time_left if time_left is not None and time_left > 0 else None,
        capacity_file=supply[capacity_file],
        status_file=supply["status"],
        energy_file=supply[energy_file],
        power_file=supply[power_file],
        time_left_file=supply["time_to_empty_now"],
    )


def _times(amount: float | None, volts: float | None) -> float | None:
    return None if amount is None or volts is None else amount * volts
