"""`profile` shows what this device measures, or goes on as JSON lines or a trace; wrong arguments get one line."""

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from edgeadapt.cli.lazy_group import LazyGroup
from edgeadapt.profiler.recorded import read_trace
from edgeadapt.state import SIGNALS

GROUP = LazyGroup("edgeadapt", sections={"Serve": {"profile": ("edgeadapt.cli.profile:profile", "Measure.")}})


@pytest.fixture
def profile(monkeypatch, tmp_path):
    """Run `edgeadapt profile` in an empty folder, 80 columns wide."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def call(*args: str):
        runner = CliRunner()
        return runner.invoke(GROUP, ["profile", *args], prog_name="edgeadapt", catch_exceptions=False)

    return call


def test_every_signal_is_in_the_table_or_named_as_unknown(profile) -> None:
    result = profile()
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["signal", "value"]
    assert any(line.startswith("memory_available  ") and line.endswith(("MB", "GB")) for line in lines)
    assert any(line.startswith("cpu  ") and line.endswith("%") for line in lines)
    words = result.stdout.replace(",", " ").split()
    assert [name for name in SIGNALS if name not in words] == []
    assert result.stderr == "hint: --reasons says why\n"


def test_reasons_are_given_where_they_are_asked_for(profile) -> None:
    result = profile("--reasons")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    line = next(line for line in lines if line.startswith("inference_rate"))
    assert line.split(maxsplit=1)[1] == "unknown: only a running engine measures it"
    assert [name for name in SIGNALS if not any(line.startswith(f"{name} ") for line in lines)] == []
    assert result.stderr == ""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere no file tells")
def test_reasons_name_the_file_below_each_value(profile) -> None:
    lines = profile("--reasons").stdout.splitlines()
    place = next(i for i, line in enumerate(lines) if line.startswith("cpu "))
    assert lines[place].endswith("%")
    assert lines[place + 1].strip() == "/proc/stat"


def test_watching_what_is_no_terminal_is_a_plain_line_a_snapshot(profile) -> None:
    result = profile("--watch", "--interval", "10ms", "--duration", "0")
    assert (result.exit_code, result.stderr) == (0, "")
    [line] = result.stdout.splitlines()
    assert line.startswith("0 s: ")
    assert ", cpu " in line


def test_what_is_watched_can_be_recorded(profile, tmp_path: Path) -> None:
    result = profile("--watch", "--record", "day.csv", "--duration", "0")
    assert result.stderr == "note: recorded 1 row over 0 s to `day.csv`\n"
    assert len(result.stdout.splitlines()) == len(read_trace(tmp_path / "day.csv").rows) == 1


def test_json_has_every_signal_and_a_reason_for_each_unknown_one(profile) -> None:
    data = json.loads(profile("--json").stdout)
    assert list(data) == ["timestamp", "signals", "reasons", "sources"]
    assert list(data["signals"]) == list(SIGNALS)
    assert {name for name, value in data["signals"].items() if value is None} == set(data["reasons"])


def test_a_stream_is_json_lines_that_are_a_trace(profile, tmp_path: Path) -> None:
    result = profile("--interval", "10ms", "--duration", "30ms")
    assert (result.exit_code, result.stderr) == (0, "")
    (tmp_path / "t.jsonl").write_text(result.stdout, "utf-8")
    trace = read_trace(tmp_path / "t.jsonl")
    assert 1 <= len(trace.rows) <= 4
    assert trace.rows[0].state.timestamp == 0.0
    assert trace.input_names == ()
    assert "memory_available" in json.loads(result.stdout.splitlines()[0])


@pytest.mark.parametrize("name", ["day.csv", "day.jsonl"])
def test_a_recording_is_a_trace(profile, tmp_path: Path, name: str) -> None:
    result = profile("--record", name, "--duration", "0")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"note: recorded 1 row over 0 s to `{name}`\n"
    row = read_trace(tmp_path / name).rows[0]
    assert row.state.available_ram_mb is not None
    assert dict(row.inputs) == {}


def test_a_recording_is_printed_too_with_json(profile, tmp_path: Path) -> None:
    result = profile("--record", "day.jsonl", "--duration", "0", "--json")
    assert result.stdout == (tmp_path / "day.jsonl").read_text("utf-8")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--interval", "0"), "--interval must be more than 0 and at most 24 h; give a time such as 1s"),
        (("--interval", "25h"), "--interval must be more than 0 and at most 24 h; give a time such as 1s"),
        (("--interval", "-1"), "--interval `-1` is negative; give a time such as 30s"),
        (("--duration", "-1"), "--duration `-1` is negative; give a time such as 30s"),
        (("--reasons", "--interval", "1"), "--reasons speaks of one snapshot"),
        (("--watch", "--reasons"), "--reasons speaks of one snapshot"),
        (("--watch", "--json"), "--watch is a table and --json is data; leave out one of them"),
        (("--interval", "soon"), "--interval: `soon` is not a number with a unit"),
        (("--interval", "5 MB"), "--interval: `5 MB` is a memory, but a time is needed"),
        (("--duration", "nan"), "--duration: `nan` is not a number with a unit"),
        (("--record", "day.txt"), "day.txt: the suffix is no trace's; name it .csv, .jsonl or .ndjson"),
        (("--record", "gone/day.csv"), "gone/day.csv: cannot write it: no such file or directory"),
    ],
)
def test_a_wrong_argument_is_one_line_and_code_2(profile, args: tuple[str, ...], message: str) -> None:
    result = profile(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert result.stderr.startswith("error: ")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("args", [("now",), ("--every",)])
def test_a_wrong_call_says_where_help_is(profile, args: tuple[str, ...]) -> None:
    result = profile(*args)
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == "  see: edgeadapt profile --help"


def test_help_keeps_the_examples_apart(profile) -> None:
    assert "\n    edgeadapt profile --reasons\n    edgeadapt profile --interval" in profile("--help").stdout
