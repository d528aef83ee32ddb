"""Columns line up, and the last one wraps below itself."""

import pytest

from edgeadapt.cli.output.columns import UNBROKEN, columns, wrapped


@pytest.fixture(autouse=True)
def _sixty_columns(monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")


def test_cells_line_up_below_their_heads_whatever_their_script() -> None:
    assert columns([["a", "1"], ["größer", "22"], ["大", "3"]], ["name", "n"], "  ") == [
        "  name    n",
        "  a       1",
        "  größer  22",
        "  大      3",
    ]


def test_the_last_column_wraps_below_itself() -> None:
    lines = columns([["variant", "word " * 20]])
    assert all(len(line) <= 60 for line in lines)
    assert {line[:9] for line in lines[1:]} == {" " * 9}


def test_a_cell_keeps_its_own_indent_where_it_wraps() -> None:
    lines = columns([["rule", "  " + "word " * 30]])
    assert len(lines) > 2
    assert {len(line) - len(line.lstrip()) for line in lines[1:]} == {len("rule    ")}


def test_where_hardly_any_room_is_left_a_text_stands_below_the_indent() -> None:
    start = "  " + "x" * 50
    lines = wrapped(start + "  ", "one two three four five six seven eight nine ten eleven")
    assert lines == [start, "      one two three four five six seven eight nine ten", "      eleven"]


def test_a_short_text_stays_in_its_line_however_little_room_is_left() -> None:
    assert wrapped("x" * 50 + "  ", "why not") == ["x" * 50 + "  why not"]
    assert wrapped("x" * 70, "") == ["x" * 70]


def test_a_number_stays_with_its_unit() -> None:
    lines = wrapped("", "x" * 50 + f" 4000000{UNBROKEN}MB")
    assert lines == ["x" * 50, "4000000 MB"]
