"""Places in a text count from 1, and every offset has one."""

import pytest

from edgeadapt.diagnostics import Source, Span


@pytest.mark.parametrize(
    ("offset", "place"), [(0, (1, 1)), (2, (1, 3)), (3, (2, 1)), (4, (2, 2)), (99, (2, 2)), (-1, (1, 1))]
)
def test_an_offset_has_its_line_and_column(offset: int, place: tuple[int, int]) -> None:
    assert Source("a", "ab\nc").line_col(offset) == place


def test_a_line_comes_without_its_end() -> None:
    source = Source("a", "ab\r\nc\n")
    assert [source.line_text(line) for line in range(1, source.line_count + 1)] == ["ab", "c", ""]


def test_two_spans_lie_within_their_join() -> None:
    assert Span(5, 6).to(Span(1, 3)) == Span(1, 6)
