"""The full rendering underlines the very characters it speaks of, whatever the text."""

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from edgeadapt.diagnostics import Diagnostic, Related, Severity, Source, Span, render_full


def _render(
    text: str, span: Span, label: str = "", help_: str = "", related: tuple[Related, ...] = ()
) -> list[str]:
    source = Source("a.eap", text)
    return render_full(
        Diagnostic("EAP001", Severity.ERROR, "m", source, span, label, help_, related)
    ).splitlines()


def test_the_excerpt_is_underlined_under_its_span() -> None:
    assert _render("one\ntwo three\n", Span(8, 13), "here", "drop it") == [
        "error[EAP001]: m",
        "  --> a.eap:2:5",
        "   |",
        " 2 | two three",
        "   |     ^^^^^ here",
        "   |",
        "   = help: drop it",
    ]


def test_a_related_place_is_shown_in_the_order_of_the_text() -> None:
    text = "\n" * 8 + "rule cold\nnothing\nrule cool\n"
    related = (Related(Span(13, 17), "the wider one"),)
    assert _render(text, Span(31, 35), "never", "move it", related) == [
        "error[EAP001]: m",
        "   --> a.eap:11:6",
        "    |",
        "  9 | rule cold",
        "    |      ---- the wider one",
        " 11 | rule cool",
        "    |      ^^^^ never",
        "    |",
        "    = help: move it",
    ]


def test_two_marks_of_a_line_share_its_excerpt() -> None:
    assert _render("a < b\n", Span(0, 5), "both", related=(Related(Span(4, 5), "right"),))[3:] == [
        " 1 | a < b",
        "   | ^^^^^ both",
        "   |     - right",
    ]


def test_a_span_over_lines_is_marked_where_it_starts_and_where_it_ends() -> None:
    assert _render("when a and\n    b or\n  c until d\n", Span(5, 23), "all of it")[3:] == [
        " 1 | when a and",
        "   |      ^^^^^ from here",
        " 3 |   c until d",
        "   |   ^ to here: all of it",
    ]


def test_a_tab_is_four_columns_and_a_wide_character_two() -> None:
    lines = _render('\t"温度" x\n', Span(6, 7), "x")
    assert lines[3:] == [' 1 |     "温度" x', "   |            ^ x"]


def test_a_combining_mark_takes_no_column() -> None:
    assert _render("e\u0301 x\n", Span(3, 4))[-1] == "   |   ^"


def test_an_empty_text_has_a_place() -> None:
    assert _render("", Span(0, 1)) == ["error[EAP001]: m", "  --> a.eap:1:1", "   |", " 1 |", "   | ^"]


def test_the_end_of_a_text_has_a_place() -> None:
    assert _render("abc", Span(3, 4))[-1] == "   |    ^"
    assert _render("abc\n", Span(9, 12))[1] == "  --> a.eap:2:1"


def test_line_ends_of_two_characters_are_not_shown() -> None:
    assert _render("one\r\ntwo\r\n", Span(5, 8))[3:] == [" 2 | two", "   | ^^^"]


def test_a_long_line_is_cut_around_the_span() -> None:
    lines = _render("a" * 500 + " bad " + "b" * 500, Span(501, 504), "here")
    assert len(lines[3]) < 140
    start = lines[4].index("^^^")
    assert lines[3][start : start + 3] == "bad"
    assert lines[3].endswith("…")


def test_a_mark_outside_the_cut_gets_its_own_excerpt() -> None:
    text = "first" + " " * 500 + "second"
    lines = _render(text, Span(505, 511), "two", related=(Related(Span(0, 5), "one"),))
    assert [line.split("|")[0].strip() for line in lines[3:]] == ["1", "", "1", ""]


def test_control_characters_reach_no_terminal_from_the_text_the_message_or_the_name() -> None:
    source = Source("\x1b]0;x\x07.eap", "x \x1b[31m y")
    diagnostic = Diagnostic("EAP001", Severity.ERROR, "\x1b[2J", source, Span(2, 3), "\u202e", "\ud800")
    text = render_full(diagnostic)
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in text.replace("\n", ""))
    text.encode()


def test_paint_touches_the_looks_alone() -> None:
    source = Source("a.eap", "one\ntwo three\n")
    related = (Related(Span(0, 3), "the cause"),)
    problem = Diagnostic("EAP001", Severity.ERROR, "m", source, Span(8, 13), "here", "drop it", related)
    painted = render_full(problem, lambda role, text: f"<{role.value}>{text}</>")
    assert "<kind>error[EAP001]</><message>: m</>" in painted
    assert "<related>--- the cause</>" in painted
    assert "<kind>^^^^^ here</>" in painted
    assert re.sub("<[a-z/]+>", "", painted) == render_full(problem)


@given(st.text(max_size=60), st.integers(0, 70), st.integers(0, 70), st.integers(0, 70), st.integers(0, 70))
def test_any_span_of_any_text_can_be_shown(text: str, a: int, b: int, c: int, d: int) -> None:
    related = (Related(Span(min(c, d), max(c, d)), "r"),)
    lines = _render(text, Span(min(a, b), max(a, b)), "l", "h", related)
    assert sum("^" in line for line in lines[3:]) >= 1
    assert lines[-1].endswith("= help: h")
