"""The page on containers shows the example's Dockerfile, whose paths are there, and tells limits as they are read."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from edgeadapt.engine.engine import DEFAULT_STOP_S
from edgeadapt.profiler.linux import LinuxProfiler
from tests.profiler.conftest import TREES, plant

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/how-to/container.md").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "examples/Dockerfile").read_text(encoding="utf-8")


def test_the_page_shows_the_examples_dockerfile() -> None:
    (shown,) = re.findall(r"```dockerfile\n(.*?)```", PAGE, re.DOTALL)
    assert shown == DOCKERFILE


def test_what_it_copies_is_in_the_tree() -> None:
    copied = re.findall(r"^COPY (\S+) ", DOCKERFILE, re.MULTILINE)
    assert {"examples", "families", "policies"} < set(copied)
    assert [path for path in copied if not (ROOT / path).exists()] == []


def test_its_variables_are_those_that_are_read() -> None:
    (line,) = re.findall(r"^ENV (.*)$", DOCKERFILE, re.MULTILINE)
    variables = {pair.partition("=")[0] for pair in shlex.split(line)}
    assert variables == {"XDG_CACHE_HOME", "DIGITS_FOLDER"}
    assert "DIGITS_FOLDER" in (ROOT / "examples/fastapi_app.py").read_text(encoding="utf-8")


def test_python_is_process_1_and_its_times_fit_into_dockers() -> None:
    (command,) = re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    arguments = json.loads(command)
    graceful = float(arguments[arguments.index("--timeout-graceful-shutdown") + 1])
    assert arguments[0] == "python"
    assert graceful + DEFAULT_STOP_S <= 10


@pytest.mark.parametrize("container", ["container_v1", "container_v2"])
def test_the_containers_limit_is_what_is_seen(container: str, tmp_path: Path) -> None:
    plant(tmp_path, (TREES / f"{container}.tree").read_text(encoding="utf-8"))
    with LinuxProfiler(tmp_path) as profiler:
        seen_mb = profiler.snapshot().value("memory_total")
        assert "/sys/fs/cgroup" in profiler.sources()["memory_total"][0]
    machine = re.search(r"MemTotal: +(\d+) kB", (tmp_path / "proc/meminfo").read_text(encoding="utf-8"))
    assert machine is not None
    assert isinstance(seen_mb, float)
    assert seen_mb < int(machine[1]) * 1024 / 1e6
