"""Trace rows → a file that `read_trace` gives back as they were."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable
from types import TracebackType
from typing import IO, Any, TypeVar

from edgeadapt.errors import TraceError
from edgeadapt.profiler.trace import Trace, TraceRow
from edgeadapt.profiler.trace_reader import JSON_SUFFIXES
from edgeadapt.state import SIGNALS, DeviceState

_W = TypeVar("_W", bound="TraceWriter")


class TraceWriter:
    """Appends rows to a new `.csv`, `.jsonl` or `.ndjson` file, each one on disk before the next.

    `columns` are the signals to write and `inputs` the host's; a JSON row leaves out what is unknown.
    Raises TraceError where the file can't be made or has another suffix.
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
        self._columns = tuple(columns)
        self._inputs = tuple(inputs)
        try:
            self._file: IO[str] = open(name, "w", encoding="utf-8", newline="")  # noqa: SIM115 - it lives as long as the writer
        except (OSError, ValueError) as error:
            raise self._failed(error) from None
        if not self._as_json:
            self._put_csv(["timestamp", *self._columns, *self._inputs])

    def write(self, row: TraceRow | DeviceState) -> None:
        """Append one row; raises TraceError where the disk refuses it."""
        state, inputs = (row.state, row.inputs) if isinstance(row, TraceRow) else (row, {})
        values: dict[str, Any] = {name: state.value(name) for name in self._columns}
        values.update((name, inputs.get(name)) for name in self._inputs)
        if self._as_json:
            known = {
                "timestamp": state.timestamp,
                **{key: value for key, value in values.items() if value is not None},
            }
            self._put(json.dumps(known) + "\n")
        else:
            self._put_csv([repr(state.timestamp), *(_cell(value) for value in values.values())])

    def close(self) -> None:
        """Finish the file."""
        self._file.close()

    def __enter__(self: _W) -> _W:  # noqa: PYI019 - typing.Self is newer than Python 3.10
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _put_csv(self, cells: list[str]) -> None:
        try:
            csv.writer(self._file, lineterminator="\n").writerow(cells)
            self._file.flush()
        except OSError as error:
            raise self._failed(error) from None

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


def _cell(value: float | bool | str | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(float(value))
