"""A trace's text → its records, line by line: where cells begin and end, but not what they mean."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import attrs

from edgeadapt.errors import TraceError
from edgeadapt.wording import shown


@attrs.frozen
class Record:
    """A row of cells by name, as written: texts from CSV, values from JSON. Lines count from 1."""

    line: int
    names_line: int
    cells: list[tuple[str, Any]]


# Python refuses to read integers beyond some thousand digits; a double ends far before.
_LONGEST_INTEGER = 400


def csv_records(path: str, text: str) -> Iterator[Record]:
    """Yield each row of a CSV text; raises TraceError."""
    reader = csv.reader(_without_comments(text), strict=True)
    header: list[str] | None = None
    names_line = 0
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            line = reader.line_num
            if header is None:
                header, names_line = [cell.strip() for cell in cells], line
                twice = _twice([name for name in header if name])
                if twice is not None:
                    raise TraceError(path, line, f"column {shown(twice)} is here twice", "keep one of them")
                continue
            if len(cells) != len(header):
                problem = f"the row has {_cells(len(cells))}, but the header has {len(header)}"
                raise TraceError(path, line, problem, "leave a cell empty where a value is unknown")
            yield Record(line, names_line, list(zip(header, cells, strict=True)))
    except csv.Error as error:
        problem = f"this is not CSV: {' '.join(str(error).split())}"
        raise TraceError(path, reader.line_num, problem, "check quotes and commas") from None


def json_records(path: str, text: str) -> Iterator[Record]:
    """Yield each object of a JSON lines text; raises TraceError."""
    for line, content in enumerate(text.split("\n"), 1):
        if not content.strip() or content.startswith("#"):
            continue
        try:
            record = json.loads(content, object_pairs_hook=_Pairs, parse_int=_integer)
        except json.JSONDecodeError as error:
            what = error.msg.lower().removesuffix(" starting at")
            problem = f"this is not JSON: {what} at column {error.colno}"
            raise TraceError(path, line, problem, "write one object a line") from None
        except RecursionError:
            raise TraceError(path, line, "it is nested too deeply", "write one flat object a line") from None
        if not isinstance(record, _Pairs):
            raise TraceError(
                path, line, "the line is not an object", 'write `{"timestamp": 0, "battery": 80}`'
            )
        twice = _twice([key for key, _ in record])
        if twice is not None:
            raise TraceError(path, line, f"the key {shown(twice)} is here twice", "keep one of them")
        yield Record(line, line, list(record))


class _Pairs(list[tuple[str, Any]]):
    """A JSON object as it was written, so that a key given twice can be seen."""


def _without_comments(text: str) -> Iterator[str]:
    # A comment becomes an empty line, so that line numbers stay true.
    for line in io.StringIO(text, newline=""):
        yield "\n" if line.startswith("#") else line


def _twice(names: list[str]) -> str | None:
    if len(set(names)) == len(names):
        return None
    return next(name for index, name in enumerate(names) if name in names[:index])


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) < _LONGEST_INTEGER else float(digits)
