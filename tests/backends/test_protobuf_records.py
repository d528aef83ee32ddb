"""Records of a protobuf file are found by their numbers, and anything odd ends the walk."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeadapt.backends.protobuf_records import ProtobufRecords


def texts(path: Path, content: bytes, wanted: int) -> list[str]:
    path.write_bytes(content)
    with path.open("rb", buffering=0) as file:
        records = ProtobufRecords(file)
        return [records.text(span) for span in records.fields(records.whole, wanted)]


def test_records_of_every_kind_are_passed_over_to_those_that_are_wanted(tmp_path: Path) -> None:
    content = b"\x08\x96\x01" + b"\x11" + bytes(8) + b"\x1d" + bytes(4) + b"\x12\x02no" + b"\x22\x03yes" * 2
    assert texts(tmp_path / "m", content, 4) == ["yes", "yes"]


@pytest.mark.parametrize(
    "end", [b"\x22\x09cut", b"\x22", b"\x23\x03yes", b"\x22\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", b"\x80"]
)  # fmt: skip
def test_what_is_no_protobuf_ends_the_walk(end: bytes, tmp_path: Path) -> None:
    assert texts(tmp_path / "m", b"\x22\x03yes" + end, 4)[:1] == ["yes"]


def test_records_beyond_the_window_are_read(tmp_path: Path) -> None:
    long = b"\x12\xa0\x8d\x06" + bytes(100_000)
    assert texts(tmp_path / "m", long + b"\x22\x03yes", 4) == ["yes"]


def walked(path: Path, content: bytes) -> tuple[list[tuple[int, int | None]], int | None]:
    path.write_bytes(content)
    with path.open("rb", buffering=0) as file:
        records = ProtobufRecords(file)
        return [(each.field, each.value) for each in records.records(records.whole)], records.broken_at


def test_every_record_is_told_with_its_number_and_where_the_walk_broke(tmp_path: Path) -> None:
    good = b"\x08\x96\x01" + b"\x11" + bytes(8) + b"\x22\x03yes"
    assert walked(tmp_path / "m", good) == ([(1, 150), (2, None), (4, None)], None)
    for end in (b"\x22\x09cut", b"\x22", b"\x23", b"\x00\x00", b"\x80", b"\x08\x80", b"\x11\x00"):
        assert walked(tmp_path / "m", good + end)[1] == len(good)


def test_packed_numbers_are_read_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes(b"\x01\x96\x01\x00\x80")
    with (tmp_path / "m").open("rb", buffering=0) as file:
        records = ProtobufRecords(file)
        assert list(records.numbers((0, 4))) == [1, 150, 0]
        assert list(records.numbers(records.whole)) == [1, 150, 0]
        assert records.broken_at == 0


def test_no_more_records_are_looked_at_than_asked_for(tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes(b"\x08\x01" * 10)
    with (tmp_path / "m").open("rb", buffering=0) as file:
        records = ProtobufRecords(file, most=4)
        assert len(list(records.records(records.whole))) == 4
        assert records.is_cut_off
        assert records.broken_at is None
