"""Trace files: what is read of the valid corpus, and the recorded message of each invalid file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from edgeadapt.errors import TraceError
from edgeadapt.profiler.trace_reader import read_trace

CORPUS = Path(__file__).parent.parent / "corpus" / "traces"
INVALID = sorted(path for path in (CORPUS / "invalid").iterdir() if path.suffix != ".error")


def load(folder: Path, text: str | bytes, name: str = "t.csv") -> list[tuple[float, float | None]]:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return [(row.state.timestamp, row.state.battery_pct) for row in read_trace(path).rows]


def test_a_csv_trace_is_read_with_its_units_unknowns_and_inputs() -> None:
    trace = read_trace(CORPUS / "valid" / "phone.csv")
    assert trace.input_names == ("ambient_light", "mode")
    assert trace.name == str(CORPUS / "valid" / "phone.csv")
    first, second, third, fourth = (row.state for row in trace.rows)
    assert [row.state.timestamp for row in trace.rows] == [0.0, 1.5, 3.0, 2.0]
    assert (first.battery_pct, first.is_charging, first.thermal_zone_c) == (80.0, False, 31.5)
    assert (first.battery_time_left_s, first.inference_rate_hz) == (10_800.0, 30.0)
    assert (second.thermal_zone_c, second.available_ram_mb) == (35.0, 1500.0)
    assert (second.cpu_utilization_pct, second.network_quality) == (35.25, "fair")
    assert (third.battery_pct, third.is_charging, third.network_quality) == (None, True, None)
    assert (fourth.is_charging, fourth.thermal_zone_c, fourth.network_quality) == (True, -5.0, "offline")
    assert [dict(row.inputs) for row in trace.rows] == [
        {"ambient_light": 120.0, "mode": "day"},
        {"ambient_light": None, "mode": "day"},
        {"ambient_light": 45.0, "mode": "night"},
        {"ambient_light": None, "mode": None},
    ]


def test_a_json_trace_tells_an_input_that_is_unknown_from_one_that_is_not_given() -> None:
    trace = read_trace(CORPUS / "valid" / "gateway.jsonl")
    assert [row.state.available_ram_mb for row in trace.rows] == [3000.0, 512.0, 4000.0]
    assert [row.state.is_throttled for row in trace.rows] == [False, True, None]
    assert [row.state.network_quality for row in trace.rows] == ["excellent", None, None]
    assert [dict(row.inputs) for row in trace.rows] == [
        {"queue": 3.0},
        {},
        {"queue": None, "door": "open", "armed": True},
    ]
    assert (trace.input_names, trace.duration_s) == (("queue", "door", "armed"), 20.0)


@pytest.mark.parametrize("name", ["windows.csv", "quoted.csv", "one_row.ndjson"])
def test_other_line_ends_quotes_and_names_of_the_time_are_fine(name: str) -> None:
    trace = read_trace(CORPUS / "valid" / name)
    rows = [(row.state.timestamp, row.state.battery_pct) for row in trace.rows]
    expected = {
        "windows.csv": [(0.0, 50.0), (1.0, None)],
        "quoted.csv": [(0.0, 50.0), (1.0, 49.0)],
        "one_row.ndjson": [(5.0, None)],
    }
    assert rows == expected[name]


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.name)
def test_an_invalid_trace_has_its_recorded_error(path: Path) -> None:
    with pytest.raises(TraceError) as caught:
        read_trace(path)
    error = caught.value
    message = str(error).replace(str(path.parent) + os.sep, "")
    recorded = path.with_name(path.name + ".error")
    if os.environ.get("EDGEADAPT_UPDATE_CORPUS"):
        recorded.write_text(message + "\n", encoding="utf-8")
    assert message + "\n" == recorded.read_text(encoding="utf-8")
    assert "\n" not in message
    assert error.path == str(path)
    assert error.problem
    assert error.remedy


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("nan", None),
        ("NaN", None),
        ("inf", None),
        ("-Infinity", None),
        ("1e999", None),
        ("  ", None),
        ("120", 100.0),
        ("-5%", 0.0),
        ("5e1", 50.0),
        (".5", 0.5),
    ],
)
def test_what_is_not_finite_is_unknown_and_what_is_out_of_range_is_clamped(
    tmp_path: Path, cell: str, value: float | None
) -> None:
    assert load(tmp_path, f"t,battery\n0,{cell}\n") == [(0.0, value)]
    if cell.lower() not in ("nan", "inf", "-infinity", "  ", "1e999"):
        return
    assert load(tmp_path, f't,light\n0,"{cell}"\n') == [(0.0, None)]
    assert read_trace(tmp_path / "t.csv").rows[0].inputs == {"light": None}


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5000])
def test_a_json_number_that_is_not_finite_is_unknown(tmp_path: Path, number: str) -> None:
    load(tmp_path, f'{{"t": 0, "cpu": {number}, "light": {number}}}\n', "t.jsonl")
    row = read_trace(tmp_path / "t.jsonl").rows[0]
    assert (row.state.cpu_utilization_pct, dict(row.inputs)) == (None, {"light": None})


def test_a_clamped_cell_is_counted(tmp_path: Path) -> None:
    load(tmp_path, "t,battery\n0,120\n")
    assert read_trace(tmp_path / "t.csv").rows[0].state.clamped == ("battery",)


def test_a_comment_keeps_the_numbers_of_the_lines_below(tmp_path: Path) -> None:
    with pytest.raises(TraceError, match=r"t\.csv:5: column `battery`"):
        load(tmp_path, "# one\n# two\nt,battery\n# four\n0,x\n")


def test_a_suffix_says_how_to_read(tmp_path: Path) -> None:
    assert load(tmp_path, '{"t": 1}', "T.JSONL") == [(1.0, None)]
    for name, problem in (("t.txt", "the suffix `.txt` is no trace's"), ("t", "the name has no suffix")):
        with pytest.raises(TraceError, match=problem):
            load(tmp_path, "t\n0\n", name)


def test_a_folder_a_missing_file_and_a_pipe_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "folder.csv"
    folder.mkdir()
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    for path, problem in (
        (folder, "this is not a file"),
        (pipe, "this is not a file"),
        (tmp_path / "gone.csv", "cannot read it: no such file"),
        ("a\0b.csv", "this is not a path"),
    ):
        with pytest.raises(TraceError, match=problem) as caught:
            read_trace(path)
        assert caught.value.line is None
