"""A recorded trace's file → Trace: CSV and JSON lines, by suffix; whatever the bytes, a trace or a TraceError.

Columns are signals by their language names, one timestamp, and the host's inputs; an empty cell is unknown.
"""

from __future__ import annotations

import os
import stat
from typing import Any

from edgeadapt.errors import TraceError
from edgeadapt.profiler.trace import TIMESTAMP_NAMES, Trace, TraceRow
from edgeadapt.profiler.trace_records import Record, csv_records, json_records
from edgeadapt.profiler.trace_values import CellError, input_value, is_input_name, signal_value, timestamp_of
from edgeadapt.state import SIGNALS, DeviceState
from edgeadapt.units import CANONICAL_UNIT
from edgeadapt.wording import shown

MAX_BYTES = 256 << 20
JSON_SUFFIXES = (".jsonl", ".ndjson")
DECISION_LOG_FORMAT = "edgeadapt-decisions"
_ATTRIBUTES = {signal.attribute: signal for signal in SIGNALS.values() if signal.attribute != signal.name}
_ALL_UNKNOWN: dict[str, Any] = dict.fromkeys(signal.attribute for signal in SIGNALS.values())


def read_trace(path: str | os.PathLike[str]) -> Trace:
    """Read a `.csv`, `.jsonl` or `.ndjson` trace; raises TraceError with line and remedy for anything else."""
    name = os.fsdecode(path)
    suffix = os.path.splitext(name)[1].lower()
    if suffix not in (".csv", *JSON_SUFFIXES):
        problem = f"the suffix {shown(suffix)} is no trace's" if suffix else "the name has no suffix"
        raise TraceError(name, None, problem, "give a trace's file, named .csv, .jsonl or .ndjson")
    text = read_text(name)
    records = csv_records(name, text) if suffix == ".csv" else json_records(name, text)
    rows: list[TraceRow] = []
    input_names: dict[str, None] = {}
    checked: set[str] = set()
    for record in records:
        if dict(record.cells[:1]).get("format") == DECISION_LOG_FORMAT:
            raise TraceError(
                name,
                record.line,
                "this is a decision log, not a device's trace",
                "replay it with `dry-run --trace`",
            )
        # A CSV file's names are the same each time, a JSON file's need not be.
        fresh = [key for key, _ in record.cells if key not in checked]
        for key in fresh:
            _check_name(name, record.names_line, key)
        checked.update(fresh)
        row = _row(name, record)
        input_names.update(dict.fromkeys(row.inputs))
        rows.append(row)
    if not rows:
        raise TraceError(name, None, "there are no rows", "record some, or give a file that has them")
    return Trace(tuple(rows), tuple(input_names), name)


def _row(path: str, record: Record) -> TraceRow:
    values = dict(_ALL_UNKNOWN)
    inputs: dict[str, float | bool | str | None] = {}
    timestamp: float | None = None
    key = ""
    try:
        for key, cell in record.cells:
            if key in TIMESTAMP_NAMES:
                if timestamp is not None:
                    raise CellError("there are two times", "keep one of `timestamp`, `t` and `time`")
                timestamp = timestamp_of(cell)
            elif key in SIGNALS:
                signal = SIGNALS[key]
                values[signal.attribute] = signal_value(signal, cell)
            else:
                inputs[key] = input_value(cell)
    except CellError as error:
        raise TraceError(path, record.line, f"column {shown(key)}: {error.problem}", error.remedy) from None
    if timestamp is None:
        raise TraceError(path, record.line, "the row has no time", "give each row a `timestamp` in seconds")
    return TraceRow(DeviceState(timestamp=timestamp, **values), inputs)


def _check_name(path: str, line: int, key: str) -> None:
    if key in SIGNALS or key in TIMESTAMP_NAMES:
        return
    signal = _ATTRIBUTES.get(key)
    if signal is not None:
        # A column of seconds that is only renamed would be read as milliseconds.
        unit = CANONICAL_UNIT[signal.dimension] if signal.dimension is not None else ""
        remedy = f"write `{signal.name}`, in {unit}" if unit else f"write `{signal.name}`"
        raise TraceError(path, line, f"column {shown(key)} is not a signal's name", remedy)
    if not key:
        raise TraceError(path, line, "a column has no name", "name each column, and end no line with a comma")
    if any(mark in key for mark in ";\t|"):
        raise TraceError(path, line, f"column {shown(key)} is not a name", "separate the columns with commas")
    if not is_input_name(key):
        remedy = "write a signal such as `battery`, or an input's name of small letters, digits and `_`"
        raise TraceError(path, line, f"column {shown(key)} is not a name", remedy)


def read_text(path: str) -> str:
    """Return a whole file that is text of a bearable size; raises TraceError for anything else."""
    try:
        # A pipe or device could block or never end: only a regular file is opened.
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise TraceError(path, None, "this is not a file", "give the path of a trace file")
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except TraceError:
        raise
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise TraceError(
            path, None, f"cannot read it: {reason}", "check the path and its permissions"
        ) from None
    except ValueError:  # a NUL in the path
        raise TraceError(shown(path), None, "this is not a path", "give the path of a trace file") from None
    if len(data) > MAX_BYTES:
        raise TraceError(path, None, "the file is larger than 256 MiB", "split the recording")
    nul = data.find(b"\0")
    if nul >= 0:
        line = data.count(b"\n", 0, nul) + 1
        raise TraceError(path, line, "the file is binary, not text", "give a CSV or JSON lines file in UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise TraceError(path, line, "the text is not UTF-8", "save the file as UTF-8") from None
