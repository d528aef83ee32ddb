"""The network: offline where no link is up, a grade where a radio tells its level, else unknown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from edgeadapt.profiler.kernel_files import kernel_files
from edgeadapt.profiler.linux_network import NetworkReader
from edgeadapt.profiler.readings import Readings

Plant = Callable[[str], Path]

UP = "/sys/class/net/lo/operstate unknown\n/sys/class/net/wlan0/operstate up\n"


def read(root: Path) -> Readings:
    readings = Readings()
    NetworkReader(kernel_files(root)).read(readings)
    return readings


@pytest.mark.parametrize(
    ("level", "word"),
    [
        ("-40.", "excellent"),
        ("-55", "excellent"),
        ("-56.", "good"),
        ("-67.", "good"),
        ("-68.", "fair"),
        ("-75.", "fair"),
        ("-76.", "poor"),
        ("-256.", None),
        ("-inf", None),
        ("nan", None),
        ("54.", None),
        ("0.", None),
        ("?", None),
    ],
)
def test_a_radios_level_is_graded(tree: Plant, level: str, word: str | None) -> None:
    text = UP + f"/proc/net/wireless\n    Inter-| sta-|\n     wlan0: 0000  54.  {level}  -256  0\n"
    assert read(tree(text)).state(0.0).network_quality == word


def test_the_best_radio_that_is_up_counts(tree: Plant) -> None:
    text = UP + "/sys/class/net/wlan1/operstate up\n/sys/class/net/wlan2/operstate down\n/proc/net/wireless\n"
    text += "    wlan0: 0 1. -80. 0\n    wlan1: 0 1. -60. 0\n    wlan2: 0 1. -30. 0\n"
    assert read(tree(text)).state(0.0).network_quality == "good"


@pytest.mark.parametrize("state", ["down", "dormant", "lowerlayerdown", "notpresent"])
def test_no_link_that_is_up_is_offline(tree: Plant, state: str) -> None:
    assert read(tree(f"/sys/class/net/eth0/operstate {state}\n")).state(0.0).network_quality == "offline"


@pytest.mark.parametrize(
    ("carrier", "reason"),
    [
        ("1", "a link is up, but the kernel does not know how good it is"),
        ("unreadable!", "there is no network interface to see"),
    ],
)
def test_a_link_that_never_says_is_judged_by_its_carrier(tree: Plant, carrier: str, reason: str) -> None:
    text = f"/sys/class/net/tun0/operstate unknown\n/sys/class/net/tun0/carrier {carrier}\n"
    assert read(tree(text)).reasons()["network"] == reason


def test_a_link_that_never_says_and_has_no_carrier_is_down(tree: Plant) -> None:
    text = "/sys/class/net/tun0/operstate unknown\n/sys/class/net/tun0/carrier 0\n"
    assert read(tree(text)).state(0.0).network_quality == "offline"


@pytest.mark.parametrize(
    "text", ["/sys/class/net/lo/operstate unknown\n", "/sys/class/net/bonding_masters bond0\n"]
)
def test_without_an_interface_the_network_is_unknown_and_not_offline(tree: Plant, text: str) -> None:
    assert read(tree(text)).reasons()["network"] == "there is no network interface to see"
