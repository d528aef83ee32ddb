"""The page on the Raspberry Pi: what it says is measured is what the profiler reads of a recorded one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from edgeadapt.cli.main import main
from edgeadapt.profiler.linux import LinuxProfiler
from edgeadapt.shipped import shipped
from tests.profiler.conftest import TREES, plant

PAGE = (Path(__file__).resolve().parents[2] / "docs/how-to/raspberry-pi.md").read_text(encoding="utf-8")
FIRMWARE = "/sys/devices/platform/soc/soc:firmware/get_throttled"


def block(language: str) -> str:
    (found,) = re.findall(rf"```{language}[^\n]*\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    plant(tmp_path, (TREES / "raspberry_pi.tree").read_text(encoding="utf-8"))
    return tmp_path


def test_each_signal_is_read_where_the_page_says_and_no_other_is_measured(root: Path) -> None:
    told = re.findall(r"^\| (`[a-z_`, ]+`) \| `([^`]+)`", PAGE, re.MULTILINE)
    rows = {signal: file for signals, file in told for signal in re.findall(r"\w+", signals)}
    with LinuxProfiler(root) as profiler:
        state, sources = profiler.snapshot(), profiler.sources()
    measured = {name for name in sources if state.value(name) is not None}
    assert measured == rows.keys()
    for signal, file in rows.items():
        assert sources[signal] == (file,)


def test_the_bits_mean_what_the_page_says(root: Path) -> None:
    rows = re.findall(r"^\| (\d+)(?: to \d+)? \|.*\| (yes|no)", PAGE, re.MULTILINE)
    assert len(rows) == 5
    for bit, slows in rows:
        (root / FIRMWARE[1:]).write_text(f"{1 << int(bit):x}\n", encoding="utf-8")
        with LinuxProfiler(root) as profiler:
            assert profiler.snapshot().value("throttled") is (slows == "yes"), bit


def test_the_alarm_is_read(root: Path) -> None:
    names: dict[str, Any] = {}
    exec(compile(block("python"), "page", "exec"), names)
    assert names["supply_is_weak"](root) is False
    (root / "sys/class/hwmon/hwmon1/in0_lcrit_alarm").write_text("1\n", encoding="utf-8")
    assert names["supply_is_weak"](root) is True
    assert names["supply_is_weak"](root / "nowhere") is None


@pytest.mark.parametrize("command", [["lint"], ["fmt", "--check"], ["test"]], ids=lambda command: command[0])
def test_the_policy_is_as_it_should_be(command: list[str], tmp_path: Path) -> None:
    path = tmp_path / "pi.eap"
    path.write_text(block("eap"), encoding="utf-8")
    family = [] if command[0] == "fmt" else ["--family", str(shipped("families/digits.yaml"))]
    result = CliRunner().invoke(main, [*command, str(path), *family])
    assert result.exit_code == 0, result.output
