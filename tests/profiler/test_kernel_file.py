"""Small kernel files: a value or None, whatever is in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeadapt.profiler.kernel_file import entries, numbers_by_key, read_int, read_text


@pytest.mark.parametrize(
    ("content", "number"),
    [
        ("12\n", 12),
        ("-3", -3),
        ("0", 0),
        *((text, None) for text in ("", "1_0", "+5", "٣", "1.5", "1 2", "max", "0x10", "9" * 30, "9" * 5000)),
    ],
)
def test_an_integer_is_digits_alone(tmp_path: Path, content: str, number: int | None) -> None:
    file = tmp_path / "file"
    file.write_text(content, encoding="utf-8")
    assert read_int(file) == number


def test_what_cannot_be_opened_is_none(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "gone", tmp_path / "nul\0"):
        assert read_text(path) is None
        assert read_int(path) is None
    assert entries(tmp_path / "gone") == []


def test_bytes_that_are_no_text_are_read_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b" \xff ok\n")
    assert read_text(file) == "\N{REPLACEMENT CHARACTER} ok"


def test_lines_of_another_form_are_passed_over() -> None:
    text = "MemTotal:  12 kB\ninactive_file 3\nHuge: many\n\nMemTotal: 13 kB\nNegative: -1\nOdd: ٣\n"
    assert numbers_by_key(text) == {"MemTotal": 12, "inactive_file": 3}
