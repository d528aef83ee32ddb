"""Reads records of a protobuf file by their field numbers, without its schema and without loading the rest.

Anything odd ends the walk: whether a file is what it should be is for others to say.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import RawIOBase
from typing import BinaryIO

_MAX_RECORDS = 1_000_000
_MAX_TEXT = 4096
_WINDOW = 1 << 16

Span = tuple[int, int]


class ProtobufRecords:
    """One open file; not mapped, for a file that somebody shortens meanwhile would end the process."""

    def __init__(self, file: BinaryIO | RawIOBase) -> None:
        self._file = file
        self._records_left = _MAX_RECORDS
        self._window = b""
        self._window_at = 0
        self.whole: Span = (0, os.fstat(file.fileno()).st_size)

    @property
    def is_cut_off(self) -> bool:
        """Whether the walk stopped for being too long."""
        return self._records_left == 0

    def fields(self, inside: Span, wanted: int) -> Iterator[Span]:
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

    def text(self, span: Span) -> str:
        """Return a record as text, not too long."""
        return self._bytes(span[0], min(span[1] - span[0], _MAX_TEXT)).decode("utf-8", "replace")

    def _varint(self, at: int, end: int) -> Span:
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

    def _bytes(self, at: int, count: int) -> bytes:
        start = at - self._window_at
        if not 0 <= start <= len(self._window) - count:
            self._file.seek(at)
            self._window, self._window_at, start = self._file.read(_WINDOW) or b"", at, 0
        return self._window[start : start + count]
