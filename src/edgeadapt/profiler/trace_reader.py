"""A recorded trace's file → Trace: CSV and JSON lines, by suffix; whatever the bytes, a trace or a TraceError.

Columns are signals by their language names, one timestamp, and the host's inputs; an empty cell is unknown.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import stat
from collections.abc import Iterator
from typing import Any

from edgeadapt.errors import TraceError
from edgeadapt.profiler.trace import TIMESTAMP_NAMES, Trace, TraceRow
from edgeadapt.profiler.trace_values import CellError, input_value, signal_value, timestamp_of
from edgeadapt.state import SIGNALS, DeviceState
from edgeadapt.wording import shown

MAX_BYTES = 256 << 20
JSON_SUFFIXES = (".jsonl", ".ndjson")
_NAME = re.compile(r"[a-z_][a-z0-9_]*\Z", re.ASCII)
_ATTRIBUTES = {
    signal.attribute: signal.name for signal in SIGNALS.values() if signal.attribute != signal.name
}
_ALL_UNKNOWN: dict[str, Any] = dict.fromkeys(signal.attribute for signal in SIGNALS.values())


def read_trace(path: str | os.PathLike[str]) -> Trace:
    """Read a `.csv`, `.jsonl` or `.ndjson` trace; raises TraceError with line and remedy for anything else."""
    name = os.fsdecode(path)
    suffix = os.path.splitext(name)[1].lower()
    if suffix not in (".csv", *JSON_SUFFIXES):
        problem = f"the suffix {shown(suffix)} is no trace's" if suffix else "the name has no suffix"
        raise TraceError(name, None, problem, "name it .csv, .jsonl or .ndjson")
    text = _read_text(name)
    records = _csv_records(name, text) if suffix == ".csv" else _json_records(name, text)
    rows: list[TraceRow] = []
    input_names: dict[str, None] = {}
    checked: set[str] = set()
    for line, record in records:
        # A CSV file's names are the same each time, a JSON file's need not be.
        fresh = [key for key, _ in record if key not in checked]
        for key in fresh:
            _check_name(name, line, key)
        checked.update(fresh)
        row = _row(name, line, record)
        input_names.update(dict.fromkeys(row.inputs))
        rows.append(row)
    if not rows:
        raise TraceError(name, None, "there are no rows", "record some, or give a file that has them")
    return Trace(tuple(rows), tuple(input_names), name)


def _row(path: str, line: int, record: list[tuple[str, Any]]) -> TraceRow:
    values = dict(_ALL_UNKNOWN)
    inputs: dict[str, float | bool | str | None] = {}
    timestamp: float | None = None
    key = ""
    try:
        for key, cell in record:
            if key in TIMESTAMP_NAMES:
                if timestamp is not None:
                    raise CellError("there are two times; keep one of `timestamp`, `t` and `time`")
                timestamp = timestamp_of(cell)
            elif key in SIGNALS:
                signal = SIGNALS[key]
                values[signal.attribute] = signal_value(signal, cell)
            else:
                inputs[key] = input_value(cell)
    except CellError as error:
        problem, _, remedy = str(error).partition("; ")
        raise TraceError(path, line, f"column {shown(key)}: {problem}", remedy) from None
    if timestamp is None:
        raise TraceError(path, line, "the row has no time", "give each row a `timestamp` in seconds")
    return TraceRow(DeviceState(timestamp=timestamp, **values), inputs)


def _check_name(path: str, line: int, key: str) -> None:
    if key in SIGNALS or key in TIMESTAMP_NAMES:
        return
    if key in _ATTRIBUTES:
        raise TraceError(
            path, line, f"column {shown(key)} is not a signal's name", f"write `{_ATTRIBUTES[key]}`"
        )
    if not _NAME.match(key) or len(key) > 200:
        remedy = "write a signal such as `battery`, or an input's name of small letters, digits and `_`"
        raise TraceError(path, line, f"column {shown(key)} is not a name", remedy)


def _csv_records(path: str, text: str) -> Iterator[tuple[int, list[tuple[str, Any]]]]:
    reader = csv.reader(_without_comments(text), strict=True)
    header: list[str] | None = None
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            line = reader.line_num
            if header is None:
                header = [cell.strip() for cell in cells]
                twice = next((name for name in header if header.count(name) > 1), None)
                if twice is not None:
                    raise TraceError(path, line, f"column {shown(twice)} is here twice", "keep one of them")
                continue
            if len(cells) != len(header):
                problem = f"the row has {len(cells)} cells, but the header has {len(header)}"
                raise TraceError(path, line, problem, "leave a cell empty where a value is unknown")
            yield line, list(zip(header, cells, strict=True))
    except csv.Error as error:
        problem = f"this is not CSV: {' '.join(str(error).split())}"
        raise TraceError(path, reader.line_num, problem, "check quotes and commas") from None


def _without_comments(text: str) -> Iterator[str]:
    # A comment becomes an empty line, so that line numbers stay true.
    for line in io.StringIO(text, newline=""):
        yield "\n" if line.startswith("#") else line


def _json_records(path: str, text: str) -> Iterator[tuple[int, list[tuple[str, Any]]]]:
    for line, content in enumerate(text.split("\n"), 1):
        if not content.strip() or content.startswith("#"):
            continue
        try:
            record = json.loads(content, object_pairs_hook=_Pairs)
        except (ValueError, RecursionError) as error:
            problem = f"this is not JSON: {' '.join(str(error).split())[:100]}"
            raise TraceError(path, line, problem, "write one object a line") from None
        if not isinstance(record, _Pairs):
            raise TraceError(
                path, line, "the line is not an object", 'write `{"timestamp": 0, "battery": 80}`'
            )
        names = [key for key, _ in record]
        if len(set(names)) != len(names):
            raise TraceError(path, line, "a key is here twice", "keep one of them")
        yield line, list(record)


class _Pairs(list[tuple[str, Any]]):
    """A JSON object as it was written, so that a key given twice can be seen."""


def _read_text(path: str) -> str:
    try:
        # A pipe or device could block or never end: only a regular file is opened.
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise TraceError(path, None, "this is not a file", "give the path of a trace file")
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
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
