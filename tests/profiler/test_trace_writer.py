"""Writing a trace: what is written comes back equal, and what could not be read back is refused."""

from __future__ import annotations

import math
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edgeadapt.errors import TraceError
from edgeadapt.profiler.trace import TraceRow
from edgeadapt.profiler.trace_reader import read_trace
from edgeadapt.profiler.trace_values import is_input_name
from edgeadapt.profiler.trace_writer import TraceWriter, write_trace
from edgeadapt.state import SIGNALS, DeviceState, SignalKind

INPUTS = ("light", "mode", "armed", "_x9")


def _signal_values(name: str) -> st.SearchStrategy[Any]:
    signal = SIGNALS[name]
    if signal.kind is SignalKind.BOOLEAN:
        return st.none() | st.booleans()
    if signal.kind is SignalKind.WORD:
        return st.none() | st.sampled_from(signal.words)
    assert signal.low is not None
    assert signal.high is not None
    return st.none() | st.floats(signal.from_canonical(signal.low), signal.from_canonical(signal.high))


STATES = st.fixed_dictionaries(
    {
        "timestamp": st.floats(-3e9, 3e9),
        **{signal.attribute: _signal_values(name) for name, signal in SIGNALS.items()},
    }
).map(lambda values: DeviceState(**values))
WORDS = st.from_regex(r"\A[A-Za-z_][A-Za-z0-9_]{0,9}\Z").filter(
    lambda word: word.lower() not in ("true", "false", "nan", "inf", "infinity")
)
FED = st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | WORDS
ALL_INPUTS = st.fixed_dictionaries(dict.fromkeys(INPUTS, FED))
SOME_INPUTS = st.fixed_dictionaries({}, optional=dict.fromkeys(INPUTS, FED))


def seen(row: TraceRow) -> dict[str, Any]:
    """What a policy sees of a row: each value in the canonical unit with its type."""
    values = {name: row.state.value(name) for name in SIGNALS}
    return {"timestamp": row.state.timestamp, **values, **{f"input {k}": v for k, v in row.inputs.items()}}


def typed(values: dict[str, Any]) -> dict[str, tuple[type, Any]]:
    return {name: (type(value), value) for name, value in values.items()}


@pytest.mark.parametrize(
    ("suffix", "inputs"), [(".csv", ALL_INPUTS), (".jsonl", SOME_INPUTS), (".ndjson", SOME_INPUTS)]
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_what_is_written_comes_back_equal(suffix: str, inputs: Any, data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.builds(TraceRow, STATES, inputs), min_size=1, max_size=4))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"t{suffix}"
        write_trace(rows, path)
        back = read_trace(path).rows
        write_trace(back, Path(folder) / f"again{suffix}")
        assert (Path(folder) / f"again{suffix}").read_bytes() == path.read_bytes()
    assert [typed(seen(row)) for row in back] == [typed(seen(row)) for row in rows]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_usual_numbers_come_back_as_the_attributes_they_were(tmp_path: Path, suffix: str) -> None:
    states = [
        DeviceState(
            hz / 2,
            True,
            None,
            2048.5,
            12.25,
            None,
            "good",
            hz * 0.1,
            battery_time_left_s=hz,
            inference_rate_hz=hz / 10,
        )
        for hz in range(200)
    ]
    path = tmp_path / f"t{suffix}"
    write_trace(states, path)
    assert [row.state for row in read_trace(path).rows] == states


def test_only_columns_that_some_row_knows_are_written(tmp_path: Path) -> None:
    write_trace([DeviceState(80, None, None, None, 12, None, None, 0.5)], tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes() == b"timestamp,battery,cpu\n0.5,80.0,12.0\n"


def test_a_json_row_leaves_out_what_is_unknown_but_not_what_was_fed_as_unknown(tmp_path: Path) -> None:
    row = TraceRow(DeviceState(80, None, None, None, None, None, None, 0.5), {"light": None})
    write_trace([row, TraceRow(row.state)], tmp_path / "t.jsonl")
    assert (tmp_path / "t.jsonl").read_text(encoding="utf-8") == (
        '{"timestamp": 0.5, "battery": 80.0, "light": null}\n{"timestamp": 0.5, "battery": 80.0}\n'
    )


def test_each_row_can_be_read_before_the_next_is_written(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    with TraceWriter(path, ["cpu"]) as writer:
        for count in (1, 2, 3):
            writer.write(DeviceState(None, None, None, None, 5, None, None, float(count)))
            assert len(read_trace(path).rows) == count


@pytest.mark.parametrize("value", [math.nan, math.inf])
@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_an_input_that_is_not_finite_is_written_as_unknown(tmp_path: Path, suffix: str, value: float) -> None:
    state = DeviceState(None, None, None, None, 5, None, None, 0.0)
    write_trace([TraceRow(state, {"light": value})], tmp_path / f"t{suffix}")
    assert dict(read_trace(tmp_path / f"t{suffix}").rows[0].inputs) == {"light": None}


@pytest.mark.parametrize("word", ["true", "False", "nan", "two words", "", " x", "5", "é", "5 ms"])
def test_a_word_that_would_come_back_as_something_else_is_refused(tmp_path: Path, word: str) -> None:
    state = DeviceState(None, None, None, None, 5, None, None, 0.0)
    with pytest.raises(ValueError, match="which is no word"):
        write_trace([TraceRow(state, {"mode": word})], tmp_path / "t.csv")


@pytest.mark.parametrize("name", ["Light", "battery", "time", "a b", "", "9x"])
def test_an_input_whose_name_could_not_be_read_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="is no input's name"):
        TraceWriter(tmp_path / "t.csv", inputs=[name])
    assert not (tmp_path / "t.csv").exists()


def test_an_input_without_a_column_is_not_dropped_in_silence(tmp_path: Path) -> None:
    state = DeviceState(None, None, None, None, 5, None, None, 0.0)
    with (
        TraceWriter(tmp_path / "t.csv", ["cpu"]) as writer,
        pytest.raises(ValueError, match="the input `light` is not among the columns"),
    ):
        writer.write(TraceRow(state, {"light": 1.0}))


def test_a_misspelt_column_gets_the_nearest_signal(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="`batery` is not a signal; did you mean `battery`"):
        TraceWriter(tmp_path / "t.csv", ["batery"])


def test_nothing_to_write_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one row"):
        write_trace([], tmp_path / "t.csv")


@pytest.mark.parametrize(
    ("name", "problem"),
    [("t.txt", "the suffix is no trace's"), ("gone/t.csv", "no such file"), ("a\0b.csv", "null byte")],
)
def test_a_file_that_cannot_be_made_is_refused(tmp_path: Path, name: str, problem: str) -> None:
    with pytest.raises(TraceError, match=problem):
        TraceWriter(os.path.join(tmp_path, name))


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_a_full_disk_is_one_error_that_says_so(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"t{suffix}"
    path.symlink_to("/dev/full")
    state = DeviceState(None, None, None, None, 5, None, None, 0.0)
    with (
        pytest.raises(TraceError, match="cannot write it: no space left on device"),
        TraceWriter(path, ["cpu"]) as writer,
    ):
        writer.write(state)


@pytest.mark.parametrize(("text", "verdict"), [("x", True), ("_a9", True), ("A", False), ("x" * 201, False)])
def test_an_inputs_name_is_what_a_policy_could_declare(text: str, verdict: bool) -> None:
    assert is_input_name(text) is verdict
