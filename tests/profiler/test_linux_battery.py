"""Batteries: weighed by energy, in whatever units a driver counts; charging and draw from what is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from edgeadapt.profiler.kernel_files import kernel_files
from edgeadapt.profiler.linux_battery import BatteryReader
from edgeadapt.profiler.readings import Readings

Plant = Callable[[str], Path]


def supply(name: str, kind: str, **files: Any) -> str:
    folder = f"/sys/class/power_supply/{name}"
    return "".join(f"{folder}/{file} {value}\n" for file, value in {"type": kind, **files}.items())


def battery(name: str = "BAT0", **files: Any) -> str:
    return supply(name, "Battery", **files)


def read(root: Path) -> Readings:
    readings = Readings()
    BatteryReader(kernel_files(root)).read(readings)
    return readings


def test_two_batteries_weigh_by_their_size(tree: Plant) -> None:
    text = battery(capacity=100, energy_now=10_000_000, energy_full=10_000_000)
    text += battery("BAT1", capacity=20, energy_now=8_000_000, energy_full=40_000_000)
    assert read(tree(text)).state(0.0).battery_pct == (100 * 10 + 20 * 40) / 50


def test_a_battery_that_counts_energy_and_one_that_counts_charge_are_weighed_alike(tree: Plant) -> None:
    text = battery(capacity=100, energy_now=10_000_000, energy_full=10_000_000)
    text += battery("BAT1", capacity=0, charge_now=0, charge_full=3_000_000, voltage_now=10_000_000)
    assert read(tree(text)).state(0.0).battery_pct == 25.0


def test_without_every_size_all_count_the_same(tree: Plant) -> None:
    text = battery(capacity=100, energy_now=1, energy_full=10_000_000) + battery("BAT1", capacity=20)
    assert read(tree(text)).state(0.0).battery_pct == 60.0


def test_a_battery_that_hides_its_charge_does_not_hide_the_other(tree: Plant) -> None:
    text = battery(capacity="unreadable!") + battery("BAT1", capacity=20)
    assert read(tree(text)).state(0.0).battery_pct == 20.0


@pytest.mark.parametrize(("capacity", "pct"), [(255, 50.0), (-1, 50.0), ("?", 50.0), (0, 0.0), (100, 100.0)])
def test_an_absurd_share_is_replaced_by_the_energies(tree: Plant, capacity: Any, pct: float) -> None:
    text = battery(capacity=capacity, energy_now=5_000_000, energy_full=10_000_000)
    assert read(tree(text)).state(0.0).battery_pct == pct


def test_more_energy_than_full_is_full(tree: Plant) -> None:
    assert read(tree(battery(energy_now=11, energy_full=10))).state(0.0).battery_pct == 100.0


@pytest.mark.parametrize("full", [0, -5])
def test_a_size_of_nothing_gives_no_share(tree: Plant, full: int) -> None:
    readings = read(tree(battery(energy_now=5, energy_full=full)))
    assert readings.state(0.0).battery_pct is None
    assert readings.reasons()["battery"] == "no battery tells its charge"


def test_an_empty_bay_is_no_battery(tree: Plant) -> None:
    assert read(tree(battery(present=0, capacity=0))).reasons()["battery"] == "there is no battery"


def test_a_headsets_battery_is_not_the_machines(tree: Plant) -> None:
    readings = read(tree(battery("hid", scope="Device", capacity=5, status="Discharging")))
    assert readings.reasons()["battery"] == "there is no battery"
    assert readings.state(0.0).is_charging is None


@pytest.mark.parametrize(
    ("status", "online", "charging"),
    [
        ("Charging", 1, True),
        ("Charging", 0, True),
        ("Discharging", 0, False),
        ("Discharging", 1, False),
        ("Full", 1, True),
        ("Full", 0, False),
        ("Full", None, True),
        ("Not charging", 1, True),
        ("Not charging", None, True),
        ("Unknown", 1, True),
        ("Unknown", 0, False),
        ("Unknown", None, None),
        ("unreadable!", 1, True),
        ("unreadable!", None, None),
    ],
)
def test_charging_is_what_the_battery_says_then_what_the_charger_says(
    tree: Plant, status: str, online: int | None, charging: bool | None
) -> None:
    text = battery(capacity=50, status=status)
    text += "" if online is None else supply("AC", "Mains", online=online)
    assert read(tree(text)).state(0.0).is_charging is charging


def test_one_battery_that_charges_is_enough(tree: Plant) -> None:
    text = battery(status="Charging") + battery("BAT1", status="Unknown")
    assert read(tree(text)).state(0.0).is_charging is True


@pytest.mark.parametrize("kind", ["Mains", "USB", "USB_PD", "USB_DCP", "Wireless"])
def test_any_charger_that_is_online_feeds(tree: Plant, kind: str) -> None:
    text = battery(status="Unknown") + supply("a", "Mains", online=0) + supply("b", kind, online=1)
    assert read(tree(text)).state(0.0).is_charging is True


def test_a_port_that_feeds_another_device_is_no_charger(tree: Plant) -> None:
    text = battery(status="Unknown") + supply("port", "USB", online=1, scope="Device")
    assert read(tree(text)).state(0.0).is_charging is None


def test_an_idle_port_says_nothing_about_a_machine_without_battery(tree: Plant) -> None:
    readings = read(tree(supply("port", "USB", online=0)))
    assert readings.reasons()["charging"] == "there is no battery, and no charger that is online"
    assert read(tree(supply("port", "USB", online=1))).state(0.0).is_charging is True


@pytest.mark.parametrize("power", [6_000_000, -6_000_000])
def test_the_draw_is_a_draining_batterys_whatever_the_sign(tree: Plant, power: int) -> None:
    text = battery(status="Discharging", energy_now=12_000_000, energy_full=24_000_000, power_now=power)
    state = read(tree(text)).state(0.0)
    assert (state.power_draw_w, state.battery_time_left_s) == (6.0, 7200.0)


def test_current_times_voltage_is_power(tree: Plant) -> None:
    text = battery(
        status="Discharging",
        capacity=50,
        charge_full=4_000_000,
        current_now=-500_000,
        voltage_now=4_000_000,
    )
    state = read(tree(text)).state(0.0)
    assert (state.power_draw_w, state.battery_time_left_s) == (2.0, 3600 * 8.0 / 2.0)


def test_a_weak_charger_gives_a_share_of_the_draw_that_nobody_tells(tree: Plant) -> None:
    text = battery(status="Discharging", energy_now=12_000_000, energy_full=24_000_000, power_now=3_000_000)
    readings = read(tree(text + supply("usb", "USB", online=1)))
    assert readings.reasons()["power_draw"] == "a charger gives a share that it does not tell"
    assert readings.state(0.0).battery_time_left_s == 14_400.0


def test_a_battery_that_hides_its_power_leaves_the_sum_unknown(tree: Plant) -> None:
    text = battery(status="Discharging", power_now=3_000_000) + battery("BAT1", status="Discharging")
    readings = read(tree(text))
    assert readings.reasons()["power_draw"] == "not every battery that drains tells its power"
    assert readings.reasons()["battery_time_left"] == "not every battery tells its energy and power"


def test_no_power_at_all_is_no_measurement(tree: Plant) -> None:
    readings = read(tree(battery(status="Discharging", energy_now=5, energy_full=5, power_now=0)))
    assert readings.state(0.0).power_draw_w is None
    assert readings.state(0.0).battery_time_left_s is None


def test_the_drivers_own_estimate_counts_where_energies_are_hidden(tree: Plant) -> None:
    state = read(tree(battery(status="Discharging", capacity=50, time_to_empty_now=5400))).state(0.0)
    assert state.battery_time_left_s == 5400.0


def test_a_charging_battery_draws_nothing_that_is_known(tree: Plant) -> None:
    readings = read(tree(battery(status="Charging", power_now=20_000_000, energy_now=5, energy_full=6)))
    assert readings.reasons()["power_draw"] == "it is only known while a battery drains"
    assert readings.reasons()["battery_time_left"] == "it is only known while a battery drains"
