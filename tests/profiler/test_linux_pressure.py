"""Pressure: the machine's or this cgroup's own, whichever is higher."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from edgeadapt.profiler.kernel_files import kernel_files
from edgeadapt.profiler.linux_pressure import PressureReader
from edgeadapt.profiler.readings import Readings

Plant = Callable[[str], Path]

MACHINE = "/proc/pressure/cpu some avg10=2.50\n/proc/pressure/memory some avg10=1.50\n"
GROUP = "/proc/self/cgroup 0::/a/b\n/sys/fs/cgroup/a/b/cgroup.type domain\n"


def read(root: Path) -> tuple[float | None, float | None]:
    readings = Readings()
    PressureReader(kernel_files(root)).read(readings)
    state = readings.state(0.0)
    return state.cpu_pressure_pct, state.memory_pressure_pct


@pytest.mark.parametrize(
    "text",
    [
        "",
        "some",
        "some avg10=",
        "some avg10=x",
        "some avg10=nan",
        "full avg10=1.00",
        "some avg60=1.0",
        "unreadable!",
    ],
)
def test_a_file_without_its_number_is_unknown(tree: Plant, text: str) -> None:
    assert read(tree(f"{MACHINE}/proc/pressure/cpu {text}\n")) == (None, 1.5)


@pytest.mark.parametrize(("own", "memory"), [("40.25", 40.25), ("0.00", 1.5)])
def test_a_cgroup_at_its_limit_stalls_while_the_machine_is_at_ease(
    tree: Plant, own: str, memory: float
) -> None:
    text = f"{MACHINE}{GROUP}/sys/fs/cgroup/a/b/memory.pressure some avg10={own}\n"
    assert read(tree(text)) == (2.5, memory)


def test_the_innermost_cgroup_is_this_process_and_no_neighbour(tree: Plant) -> None:
    text = f"{MACHINE}{GROUP}/sys/fs/cgroup/a/cgroup.type domain\n/sys/fs/cgroup/a/cpu.pressure some avg10=99.00\n"
    assert read(tree(text + "/sys/fs/cgroup/a/b/cpu.pressure some avg10=3.00\n"))[0] == 3.0


def test_the_root_cgroup_is_the_machine_once_more(tree: Plant) -> None:
    text = f"{MACHINE}/proc/self/cgroup 0::/\n/sys/fs/cgroup/cpu.pressure some avg10=9.00\n"
    assert read(tree(text)) == (2.5, 1.5)


def test_a_cgroup_tells_where_the_machine_hides_it(tree: Plant) -> None:
    assert read(tree(f"{GROUP}/sys/fs/cgroup/a/b/cpu.pressure some avg10=3.00\n")) == (3.0, None)
