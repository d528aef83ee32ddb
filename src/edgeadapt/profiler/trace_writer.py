"""Trace rows → a file that `read_trace` gives back as they were."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import math
import os
from collections.abc import Iterable
from types import TracebackType
from typing import IO, TypeVar

from edgeadapt.errors import TraceError
from edgeadapt.profiler.trace import TIMESTAMP_NAMES, Trace, TraceRow
from edgeadapt.profiler.trace_reader import JSON_SUFFIXES
from edgeadapt.profiler.trace_values import input_value, is_input_name
from edgeadapt.state import SIGNALS, DeviceState
from edgeadapt.wording import did_you_mean, shown

_W = TypeVar("_W", bound="TraceWriter")
_Value = float | bool | str | None


class TraceWriter:
    """Appends rows to a new `.csv`, `.jsonl` or `.ndjson` file, each one handed to the system before the next.

    `columns` are the signals to write and `inputs` the host's. A JSON row leaves out signals that are unknown and
    inputs that the row does not give; a CSV row has a cell for each, so an input that it does not give is read back as
    given unknown. Raises TraceError where the file can't be made or has another suffix, ValueError for a wrong name.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        columns: Iterable[str] = tuple(SIGNALS),
        inputs: Iterable[str] = (),
    ) -> None:
        name = os.fsdecode(path)
        suffix = os.path.splitext(name)[1].lower()
        if suffix not in (".csv", *JSON_SUFFIXES):
            raise TraceError(name, None, "the suffix is no trace's", "name it .csv, .jsonl or .ndjson")
        self._path = name
        self._as_json = suffix in JSON_SUFFIXES
        self._columns = tuple(dict.fromkeys(columns))
        self._inputs = tuple(dict.fromkeys(inputs))
        for column in self._columns:
            if column not in SIGNALS:
                raise ValueError(f"{shown(column)} is not a signal; {did_you_mean(column, SIGNALS)}")
        for column in self._inputs:
            if not is_input_name(column) or column in SIGNALS or column in TIMESTAMP_NAMES:
                raise ValueError(f"{shown(column)} is no input's name")
        try:
            self._file: IO[str] = open(name, "w", encoding="utf-8", newline="")  # noqa: SIM115 - it lives as long as the writer
        except (OSError, ValueError) as error:
            raise self._failed(error) from None
        if not self._as_json:
            try:
                self._put(_csv_line(["timestamp", *self._columns, *self._inputs]))
            except TraceError:
                with contextlib.suppress(OSError):
                    self._file.close()
                raise

    def write(self, row: TraceRow | DeviceState) -> None:
        """Append one row.

        Raises TraceError where the disk refuses it, ValueError for an input that could not be read back.
        """
        state, inputs = (row.state, row.inputs) if isinstance(row, TraceRow) else (row, {})
        for name, value in inputs.items():
            if name not in self._inputs:
                raise ValueError(f"the input {shown(name)} is not among the columns of `{self._path}`")
            # A word such as `true` or `two words` would come back as something else.
            if isinstance(value, str) and not _is_word(value):
                raise ValueError(f"the input {shown(name)} is {shown(value)}, which is no word")
        signals = {name: state.value(name) for name in self._columns}
        if self._as_json:
            record: dict[str, _Value] = {"timestamp": state.timestamp}
            record.update((name, value) for name, value in signals.items() if value is not None)
            record.update((name, _known(inputs[name])) for name in self._inputs if name in inputs)
            self._put(json.dumps(record) + "\n")
        else:
            cells = [*signals.values(), *(_known(inputs.get(name)) for name in self._inputs)]
            self._put(_csv_line([repr(state.timestamp), *(_cell(value) for value in cells)]))

    def close(self) -> None:
        """Finish the file; raises TraceError where the disk refuses it."""
        try:
            self._file.close()
        except OSError as error:
            raise self._failed(error) from None

    def __enter__(self: _W) -> _W:  # noqa: PYI019 - typing.Self is newer than Python 3.10
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.close()
        except TraceError:
            if error is None:  # what went wrong first says more
                raise

    def _put(self, text: str) -> None:
        try:
            self._file.write(text)
            self._file.flush()
        except OSError as error:
            raise self._failed(error) from None

    def _failed(self, error: Exception) -> TraceError:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        return TraceError(self._path, None, f"cannot write it: {reason}", "check the path and the free space")


def write_trace(rows: Trace | Iterable[TraceRow | DeviceState], path: str | os.PathLike[str]) -> None:
    """Write a whole trace with the columns that some row knows; raises TraceError, ValueError without rows."""
    trace = rows if isinstance(rows, Trace) else Trace.of(rows)
    columns = [name for name in SIGNALS if any(row.state.value(name) is not None for row in trace.rows)]
    with TraceWriter(path, columns, trace.input_names) as writer:
        for row in trace.rows:
            writer.write(row)


def _csv_line(cells: list[str]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def _is_word(text: str) -> bool:
    try:
        return input_value(text) == text
    except ValueError:
        return False


def _known(value: _Value) -> _Value:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _cell(value: _Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(float(value))
