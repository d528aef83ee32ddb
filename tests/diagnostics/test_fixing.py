"""Fixes are applied whole, apart from each other, until none is left, and never for the worse."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeadapt.diagnostics import Diagnostic, Edit, Fix, Severity, Source, Span
from edgeadapt.diagnostics.fixing import MOST_ROUNDS, apply_fixes, fix_all

Check = Callable[[Source], tuple[Diagnostic, ...]]


def _fix(*edits: tuple[int, int, str], safe: bool = True) -> Fix:
    return Fix("mend", tuple(Edit(Span(start, end), text) for start, end, text in edits), safe)


def _replaces(old: str, new: str, code: str = "EAP401", *, safe: bool = True) -> Check:
    """Return a check that finds each `old` and would write `new`."""
    severity = Severity.WARNING if code.startswith("EAP4") else Severity.ERROR

    def check(source: Source) -> tuple[Diagnostic, ...]:
        starts = [i for i in range(len(source.text)) if source.text.startswith(old, i)]
        return tuple(
            Diagnostic(
                code, severity, "m", source, Span(i, i + 1), fix=_fix((i, i + len(old), new), safe=safe)
            )
            for i in starts
        )

    return check


def test_fixes_apart_are_applied_together() -> None:
    assert apply_fixes("a b c", [_fix((4, 5, "see")), _fix((0, 1, "ay"))]) == ("ay b see", 2)


def test_a_fix_that_touches_an_earlier_one_waits() -> None:
    assert apply_fixes("abcd", [_fix((0, 2, "x")), _fix((1, 3, "y")), _fix((2, 4, "z"))]) == ("xcd", 1)


def test_a_fix_is_applied_whole_or_not_at_all() -> None:
    assert apply_fixes("a b c", [_fix((2, 3, "x")), _fix((0, 1, "y"), (2, 3, "z"))]) == ("a x c", 1)
    assert apply_fixes("abc", [_fix((0, 2, "x"), (1, 3, "y"))]) == ("abc", 0)


def test_an_insertion_stands_before_what_the_same_fix_writes_at_its_place() -> None:
    assert apply_fixes("abc", [_fix((1, 2, "X"), (1, 1, "-"))]) == ("a-Xc", 1)
    assert apply_fixes("ac", [_fix((1, 1, "1"), (1, 1, "2"))]) == ("a12c", 1)


@given(
    st.text("ab", max_size=8),
    st.lists(
        st.lists(
            st.tuples(st.integers(0, 8), st.integers(0, 8), st.sampled_from(["", "x", "yy"])), max_size=2
        )
    ),
)
def test_what_no_fix_touches_stays(text: str, drawn: list[list[tuple[int, int, str]]]) -> None:
    fixes = [
        _fix(*((min(a, b, len(text)), min(max(a, b), len(text)), new) for a, b, new in edits))
        for edits in drawn
    ]
    fixed, applied = apply_fixes(text, fixes)
    assert applied <= len(fixes)
    touched = {i for fix in fixes for edit in fix.edits for i in range(edit.span.start, edit.span.end)}
    kept = "".join(char for i, char in enumerate(text) if i not in touched)
    rest = iter(fixed)
    assert all(char in rest for char in kept)


def test_fixes_are_repeated_until_none_is_left() -> None:
    fixed = fix_all(Source("a", "aaaa"), _replaces("aa", "a"))
    assert (fixed.source.text, fixed.problems, fixed.applied) == ("a", (), 3)


def test_fixes_that_undo_each_other_end() -> None:
    def check(source: Source) -> tuple[Diagnostic, ...]:
        return _replaces("a", "b")(source) + _replaces("b", "a")(source)

    assert fix_all(Source("a", "a"), check).applied == MOST_ROUNDS


def test_what_is_not_safe_or_not_wanted_is_left() -> None:
    assert fix_all(Source("a", "a"), _replaces("a", "b", safe=False)).source.text == "a"
    fixed = fix_all(Source("a", "a"), _replaces("a", "b"), lambda _problem: False)
    assert (fixed.source.text, len(fixed.problems)) == ("a", 1)


@pytest.mark.parametrize(
    ("code", "then", "text"),
    [
        ("EAP401", "EAP402", "a"),
        ("EAP401", "EAP101", "a"),
        ("EAP101", "EAP102", "a"),
        ("EAP101", "EAP401", "bb"),
        ("EAP002", "EAP101", "bb"),
    ],
)
def test_a_text_is_left_where_it_gets_worse_but_a_later_stages_problems_are_not_the_fixs_doing(
    code: str, then: str, text: str
) -> None:
    def check(source: Source) -> tuple[Diagnostic, ...]:
        return _replaces("a", "bb", code)(source) + _replaces("b", "b", then)(source)

    assert fix_all(Source("a", "a"), check).source.text == text
