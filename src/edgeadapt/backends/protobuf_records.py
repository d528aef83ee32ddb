"""Reads records of a protobuf file by their field numbers, without its schema and without loading the rest.

Anything odd ends the walk: whether a file is what it should be is for others to say.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import RawIOBase
from typing import BinaryIO, NamedTuple

_MAX_RECORDS = 1_000_000
_MAX_TEXT = 4096
_WINDOW = 1 << 16
# How a record's content is written, and how long those of a fixed length are; the others are out of use.
_VARINT, _DELIMITED = 0, 2
_FIXED = {1: 8, 5: 4}
# In place of a number that does not end.
_CUT_OFF = -1

Span = tuple[int, int]


class Record(NamedTuple):
    """One record: its field's number, where its content starts and ends, and its value where that is one number."""

    field: int
    start: int
    end: int
    value: int | None
    is_delimited: bool

    @property
    def span(self) -> Span:
        """Where the content lies."""
        return self.start, self.end


class ProtobufRecords:
    """One open file; not mapped, for a file that somebody shortens meanwhile would end the process.

    `broken_at` is where a walk first met what is no protobuf, None so far; `most` is how many records are looked at in all.
    """

    def __init__(self, file: BinaryIO | RawIOBase, most: int = _MAX_RECORDS) -> None:
        self._file = file
        self._records_left = most
        self._window = b""
        self._window_at = 0
        self.whole: Span = (0, os.fstat(file.fileno()).st_size)
        self.broken_at: int | None = None

    @property
    def is_cut_off(self) -> bool:
        """Whether the walk stopped for being too long."""
        return self._records_left == 0

    def fields(self, inside: Span, wanted: int) -> Iterator[Span]:
        """Yield where each length-delimited record of a field starts and ends; stop at what is no protobuf."""
        return (
            record.span for record in self.records(inside) if record.field == wanted and record.is_delimited
        )

    def records(self, inside: Span) -> Iterator[Record]:
        """Yield every record, in the file's order; stop at what is no protobuf."""
        at, end = inside
        while at < end and self._records_left:
            self._records_left -= 1
            start = at
            tag, at = self._varint(at, end)
            field, kind = tag >> 3, tag & 7
            value, after = None, at + _FIXED.get(kind, end)
            if kind == _DELIMITED:
                length, at = self._varint(at, end)
                after = end + 1 if length == _CUT_OFF else at + length
            elif kind == _VARINT:
                value, after = self._varint(at, end)
            if field <= 0 or after > end or value == _CUT_OFF:
                self._break_off(start)
                return
            yield Record(field, at, after, value, kind == _DELIMITED)
            at = after

    def text(self, span: Span) -> str:
        """Return a record as text, not too long."""
        return self._bytes(span[0], min(span[1] - span[0], _MAX_TEXT)).decode("utf-8", "replace")

    def numbers(self, span: Span) -> Iterator[int]:
        """Yield the numbers that a record holds packed."""
        at, end = span
        while at < end and self._records_left:
            self._records_left -= 1
            value, at = self._varint(at, end)
            if value == _CUT_OFF:
                self._break_off(span[0])
                return
            yield value

    def _break_off(self, at: int) -> None:
        if self.broken_at is None:
            self.broken_at = at

    def _varint(self, at: int, end: int) -> Span:
        """Read a number of 7 bits a byte, and where it ends."""
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
        return _CUT_OFF, end

    def _bytes(self, at: int, count: int) -> bytes:
        start = at - self._window_at
        if not 0 <= start <= len(self._window) - count:
            self._file.seek(at)
            self._window, self._window_at, start = self._file.read(_WINDOW) or b"", at, 0
        return self._window[start : start + count]
