"""Memory: the smaller of the machine's and every enclosing cgroup's, and never a guess where a limit hides its use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from edgeadapt.profiler.kernel_files import kernel_files
from edgeadapt.profiler.linux_memory import MemoryReader
from edgeadapt.profiler.readings import Readings

Plant = Callable[[str], Path]

MACHINE = """/proc/meminfo
    MemTotal:    8000000 kB
    MemAvailable: 6000000 kB
"""


def measured(root: Path) -> tuple[float | None, float | None]:
    readings = Readings()
    MemoryReader(kernel_files(root)).read(readings)
    state = readings.state(0.0)
    return state.available_ram_mb, state.total_ram_mb


def reason(root: Path) -> str:
    readings = Readings()
    MemoryReader(kernel_files(root)).read(readings)
    return readings.reasons()["memory_available"]


def nested(**limits: str) -> str:
    """A process in /a/b, with a limit and a use of 10 MB in each named cgroup."""
    text = MACHINE + "/proc/self/cgroup 0::/a/b\n"
    folders = {"root": "", "a": "/a", "b": "/a/b"}
    for name, limit in limits.items():
        text += f"/sys/fs/cgroup{folders[name]}/memory.max {limit}\n"
        text += f"/sys/fs/cgroup{folders[name]}/memory.current 10000000\n"
    return text


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"b": "300000000"}, (290.0, 300.0)),
        ({"a": "200000000", "b": "300000000"}, (190.0, 200.0)),
        ({"root": "100000000", "a": "max", "b": "max"}, (90.0, 100.0)),
        ({"a": "max", "b": "max"}, (6144.0, 8192.0)),
        ({"b": "9000000000"}, (6144.0, 8192.0)),
        ({"b": "7000000000"}, (6144.0, 7000.0)),
        ({"b": "5000000"}, (0.0, 5.0)),
        ({"b": "0"}, (0.0, 0.0)),
        ({"b": "-1"}, (6144.0, 8192.0)),
        ({"b": "soon"}, (6144.0, 8192.0)),
    ],
)
def test_the_tightest_cgroup_on_the_way_up_counts(
    tree: Plant, limits: dict[str, str], expected: tuple[float, float]
) -> None:
    assert measured(tree(nested(**limits))) == expected


def test_a_limit_whose_use_cannot_be_read_leaves_the_available_memory_unknown(tree: Plant) -> None:
    root = tree(nested(b="300000000") + "/sys/fs/cgroup/a/b/memory.current unreadable!\n")
    assert measured(root) == (None, 300.0)
    assert reason(root) == "a cgroup limits memory, but does not tell how much is in use"


def test_a_limit_above_the_machines_needs_no_use(tree: Plant) -> None:
    assert measured(tree(nested(b="9000000000") + "/sys/fs/cgroup/a/b/memory.current unreadable!\n")) == (
        6144.0,
        8192.0,
    )


def test_cold_file_pages_count_as_free(tree: Plant) -> None:
    stat = "/sys/fs/cgroup/a/b/memory.stat\n    inactive_file 4000000\n"
    assert measured(tree(nested(b="300000000") + stat)) == (294.0, 300.0)


def test_a_path_out_of_the_namespace_falls_back_to_what_is_mounted(tree: Plant) -> None:
    text = nested(root="100000000").replace("0::/a/b", "0::/../../other")
    assert measured(tree(text)) == (90.0, 100.0)


def test_the_mixed_hierarchy_is_read_where_it_is_mounted(tree: Plant) -> None:
    text = MACHINE + "/proc/self/cgroup 0::/a\n/sys/fs/cgroup/unified/a/memory.max 50000000\n"
    assert measured(tree(text + "/sys/fs/cgroup/unified/a/memory.current 0\n")) == (50.0, 50.0)


def test_version_one_is_read_on_the_way_up_too(tree: Plant) -> None:
    text = MACHINE + "/proc/self/cgroup\n    7:cpu,memory:/x/y\n"
    text += "/sys/fs/cgroup/memory/x/y/memory.limit_in_bytes 9223372036854771712\n"
    text += "/sys/fs/cgroup/memory/x/memory.limit_in_bytes 64000000\n"
    text += "/sys/fs/cgroup/memory/x/memory.usage_in_bytes 4000000\n"
    assert measured(tree(text)) == (60.0, 64.0)


def test_no_limit_is_no_memory_where_the_machine_does_not_tell(tree: Plant) -> None:
    text = "/proc/self/cgroup 4:memory:/\n/sys/fs/cgroup/memory/memory.limit_in_bytes 9223372036854771712\n"
    root = tree(text + "/sys/fs/cgroup/memory/memory.usage_in_bytes 1\n")
    assert measured(root) == (None, None)
    assert reason(root) == "/proc/meminfo has no MemAvailable, and no cgroup has a limit"


def test_an_old_kernel_without_memavailable_is_estimated_without_shared_memory(tree: Plant) -> None:
    text = """/proc/meminfo
    MemTotal:    1000000 kB
    MemFree:      100000 kB
    Buffers:       50000 kB
    Cached:       300000 kB
    SReclaimable:  50000 kB
    Shmem:        100000 kB
"""
    assert measured(tree(text)) == (409.6, 1024.0)


def test_available_memory_is_never_more_than_there_is(tree: Plant) -> None:
    text = "/proc/meminfo\n    MemTotal: 1000000 kB\n    MemAvailable: 2000000 kB\n"
    assert measured(tree(text)) == (1024.0, 1024.0)
