"""Which files an ONNX model keeps weights in besides its own: read from the model's bytes, without loading it.

It walks the file's protobuf records, of which it skips all but the few that lead to a tensor's `location`; anything
odd ends the walk, for whether a file is a model is the runtime's to say.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO

# Field numbers of ONNX's protobuf: ModelProto.graph, GraphProto.initializer, TensorProto.external_data, its key, value.
_GRAPH, _INITIALIZER, _EXTERNAL_DATA, _KEY, _VALUE = 7, 5, 13, 1, 2
_MAX_RECORDS = 1_000_000
_MAX_NAME = 4096
_WINDOW = 1 << 16

_Span = tuple[int, int]


def external_files(path: str) -> tuple[str, ...]:
    """List the paths, each once, sorted; empty for a file that can't be read or is none such."""
    try:
        # Not mapped: a file that somebody shortens meanwhile would end the process.
        with open(path, "rb", buffering=0) as file:
            locations = _Walk(file).locations()
    except (OSError, ValueError):  # ValueError: a path that can't be one
        return ()
    folder = os.path.dirname(path)
    return tuple(sorted(os.path.join(folder, location) for location in locations))


class _Walk:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = os.fstat(file.fileno()).st_size
        self._records_left = _MAX_RECORDS
        self._window = b""
        self._window_at = 0

    def locations(self) -> set[str]:
        found: set[str] = set()
        for graph in self._records((0, self._size), _GRAPH):
            for tensor in self._records(graph, _INITIALIZER):
                for entry in self._records(tensor, _EXTERNAL_DATA):
                    if [self._text(span) for span in self._records(entry, _KEY)] == ["location"]:
                        found.update(self._text(span) for span in self._records(entry, _VALUE))
        return {location for location in found if location and "\0" not in location}

    def _records(self, inside: _Span, wanted: int) -> Iterator[_Span]:
        """Yield where each length-delimited record of a field starts and ends; stop at what is no protobuf."""
        at, end = inside
        while at < end and self._records_left:
            self._records_left -= 1
            tag, at = self._varint(at, end)
            match tag & 7:
                case 2:
                    length, at = self._varint(at, end)
                    if length > end - at:
                        return
                    if tag >> 3 == wanted:
                        yield at, at + length
                    at += length
                case 0:
                    _, at = self._varint(at, end)
                case 1:
                    at += 8
                case 5:
                    at += 4
                case _:
                    return

    def _varint(self, at: int, end: int) -> _Span:
        """Read a number of 7 bits a byte, and where it ends; the record's end where it is cut off."""
        value = shift = 0
        while at < end and shift < 64:
            byte = self._bytes(at, 1)
            if not byte:
                break
            at += 1
            value |= (byte[0] & 0x7F) << shift
            if byte[0] < 0x80:
                return value, at
            shift += 7
        return 0, end

    def _text(self, span: _Span) -> str:
        return self._bytes(span[0], min(span[1] - span[0], _MAX_NAME)).decode("utf-8", "replace")

    def _bytes(self, at: int, count: int) -> bytes:
        start = at - self._window_at
        if not 0 <= start <= len(self._window) - count:
            self._file.seek(at)
            self._window, self._window_at, start = self._file.read(_WINDOW), at, 0
        return self._window[start : start + count]
