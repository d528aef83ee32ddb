from __future__ import annotations

from pathlib import Path

import pytest

from edgeadapt.tooling.limits import memory_limits, processors


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


MEMINFO = "MemTotal:       8000000 kB\nMemAvailable:   4000000 kB\n"


def test_the_smallest_limit_of_the_cgroups_around_counts(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "proc/meminfo": MEMINFO,
            "proc/self/cgroup": "0::/a/b\n",
            "sys/fs/cgroup/a/memory.max": "512000000\n",
            "sys/fs/cgroup/a/memory.current": "1\n",
            "sys/fs/cgroup/a/b/memory.max": "max\n",
            "sys/fs/cgroup/a/cpu.max": "150000 100000\n",
            "sys/fs/cgroup/a/b/cpu.max": "max 100000\n",
        },
    )
    assert memory_limits(root) == {"machine_mb": 8192.0, "cgroup_mb": 512.0}
    assert processors(root)["cgroup"] == 1.5


def test_version_1_has_files_of_its_own(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "proc/meminfo": MEMINFO,
            "proc/self/cgroup": "5:memory:/m\n4:cpu,cpuacct:/c\n",
            "sys/fs/cgroup/memory/m/memory.limit_in_bytes": "256000000\n",
            "sys/fs/cgroup/memory/m/memory.usage_in_bytes": "1\n",
            "sys/fs/cgroup/cpu,cpuacct/c/cpu.cfs_quota_us": "50000\n",
            "sys/fs/cgroup/cpu,cpuacct/c/cpu.cfs_period_us": "100000\n",
        },
    )
    assert memory_limits(root) == {"machine_mb": 8192.0, "cgroup_mb": 256.0}
    assert processors(root)["cgroup"] == 0.5


@pytest.mark.parametrize("text", ["max 100000", "", "-1 100000", "1 0", "many 100000", "100000"])
def test_a_quota_that_is_none_limits_nothing(tmp_path: Path, text: str) -> None:
    root = write(tmp_path, {"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": text})
    assert processors(root)["cgroup"] is None


def test_an_empty_tree_says_nothing(tmp_path: Path) -> None:
    assert memory_limits(tmp_path) == {"machine_mb": None, "cgroup_mb": None}
    assert processors(tmp_path)["machine"] >= 1
