from __future__ import annotations

import sys
from pathlib import Path

import pytest

from edgeadapt.profiler.available_memory import available_memory_mb

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the kernel's files")


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


@linux
def test_it_is_the_smaller_of_the_machines_and_the_cgroups(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "proc/meminfo": "MemTotal: 8000000 kB\nMemAvailable: 4000000 kB\n",
            "proc/self/cgroup": "0::/a\n",
            "sys/fs/cgroup/a/memory.max": "512000000\n",
            "sys/fs/cgroup/a/memory.current": "12000000\n",
        },
    )
    assert available_memory_mb(root) == 500.0


@linux
def test_where_nobody_tells_it_is_unknown(tmp_path: Path) -> None:
    assert available_memory_mb(tmp_path) is None


def test_elsewhere_psutil_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    # It looks at the platform itself, once.
    pytest.importorskip("psutil")
    monkeypatch.setattr(sys, "platform", "darwin")
    left = available_memory_mb()
    assert left is not None
    assert left > 0
