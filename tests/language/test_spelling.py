"""A repaired text keeps the author's places, and what is spelt right stays as it is."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeadapt.diagnostics import Source
from edgeadapt.diagnostics.fixing import apply_fixes, safe_fix
from edgeadapt.language.grammar import lex
from edgeadapt.language.parser import parse
from edgeadapt.language.reporter import Reporter
from edgeadapt.language.spelling import Spelled, spell

VALID = sorted((Path(__file__).parents[1] / "corpus" / "valid").glob("*.eap"))


def _spell(text: str) -> tuple[Spelled, Reporter]:
    reporter = Reporter(Source("a.eap", text))
    return spell(text, reporter), reporter


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_right_text_is_left_alone(path: Path) -> None:
    text = path.read_bytes().decode("utf-8").removeprefix("\ufeff")
    spelled, reporter = _spell(text)
    assert spelled.text == text
    assert reporter.diagnostics == []


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("5m", "5 min"), ("5 Mb x", "5 MB   x"), ("45 °c", "45 °C"), ("1e-3 s", "0.001 s"), (".5", "0.5"), ("5. %", "5%"),
        ("20percent", "20%"), ("1h30m", "90 min"), ("a && b", "a  and  b"), ("“hi” {", '"hi"  {'), ("1_0.5 kb", "10.5 kB"),
        ("use Net-v2 then", 'use  "Net-v2"  then'), ("never use A, b-c", 'never use  "A" ,  "b-c"'), ("rule a-b {", "rule  a_b  {"),
        ("4 swaps", "4 swaps"), ("4swaps", "4swaps"), ("1..2", "1..2"), ("a.b", "a.b"), ("5 MINUTES", "5 min"), ("1 TB", "1000 GB"), ("0.5TiB", "512 GiB"), ("2 days", "48 h"),
        ("in [1,2]", "in 1 .. 2"), ("in (a) .. b", "in (a) .. b"), ("in (1 + 2) .. 4", "in (1 + 2) .. 4"),
        ("in (1 in 2 .. 3) .. 4", "in (1 in 2 .. 3) .. 4"), ("bat\u200btery", "battery"), ("20% \u2014 5%", "20%  -  5%"),
        ("\uff12\uff10\uff05", "20  %"), ("\u0662\u0660 %", "20%"), ("a \uff1c\uff1d b", "a  <=  b"), ("\u2018hi\u2019 {", '"hi"  {'),
        ("b\u0430ttery", "battery"), ("unt\u0456l", "until"), ("\u041co\u0455s", "moss"),
    ],
)  # fmt: skip
def test_a_slip_is_repaired(text: str, repaired: str) -> None:
    spelled, reporter = _spell(text)
    assert spelled.text.strip().split() == repaired.split()
    assert bool(reporter.diagnostics) == (text != repaired)


def test_a_repaired_token_has_the_place_of_what_the_author_wrote() -> None:
    text = "use 45C and 5m or battery"
    spelled, _ = _spell("x " + text)
    places = [
        (spelled.start(token.start_pos or 0), spelled.end(token.end_pos or 0)) for token in lex(spelled.text)
    ]
    assert [("x " + text)[start:end] for start, end in places] == ["x", *text.split()]


@given(st.text(max_size=80))
def test_whatever_the_text_it_can_be_cut_into_tokens_with_places_in_order(text: str) -> None:
    spelled, _ = _spell(text)
    previous = 0
    for token in lex(spelled.text):
        start, end = spelled.start(token.start_pos or 0), spelled.end(token.end_pos or 0)
        assert previous <= start <= end <= len(text)
        previous = start


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("!charging", "not charging"),
        ("(!(charging))", "(not (charging))"),
        ("battery<20%&charging", "battery<20% and charging"),
        ("charging||throttled", "charging or throttled"),
        ("charging && throttled", "charging and throttled"),
        ("5%<cpu<20%", "5%<cpu and cpu <20%"),
        ("cpu in[10%..20%]and charging", "cpu in 10% .. 20% and charging"),
        ("cpu in [ 10% , 20% ]", "cpu in 10% .. 20%"),
        ("(cpu in (10%, 20%))", "(cpu in 10% .. 20%)"),
    ],
)
def test_a_fix_runs_into_no_neighbour(wrong: str, right: str) -> None:
    text = f"edition 1 policy p {{ let a = {wrong} otherwise use x }}"
    (problem,) = parse(Source("a.eap", text)).diagnostics
    assert problem.fix is not None
    mended = text
    for edit in sorted(problem.fix.edits, key=lambda it: -it.span.start):
        mended = mended[: edit.span.start] + edit.text + mended[edit.span.end :]
    assert mended == text.replace(wrong, right)


@pytest.mark.parametrize(
    "text",
    [
        "# spare \u202eeht", '"\u2066 it"', "# one\r use a", "# one\x0b use a", "# one\u2028 use a", "# one\x85 use a",
    ],
)  # fmt: skip
def test_what_makes_a_comment_or_a_text_look_like_another_is_a_slip(text: str) -> None:
    assert [problem.code for problem in _spell(text)[1].diagnostics] == ["EAP001"]


@pytest.mark.parametrize(
    "text", ["# one\r\n", "# one\r\r\n", "# one\r", "# שלום", '"ok \u200e"', "use a\r# one\n"]
)
def test_line_ends_and_letters_of_any_script_are_no_slip_in_a_comment(text: str) -> None:
    assert _spell(text)[1].diagnostics == []


def test_all_that_turns_a_comment_round_is_left_out_in_one_fix() -> None:
    text = "edition 1\npolicy p { otherwise use a } # \u202eone\u202c two"
    [problem] = parse(Source("a.eap", text)).diagnostics
    assert problem.fix is not None
    assert apply_fixes(text, [problem.fix])[0].endswith("# one two")


@pytest.mark.parametrize("sign", "$@~§?^")
def test_no_fix_without_asking_leaves_out_a_sign_that_may_have_meant_something(sign: str) -> None:
    text = f"edition 1\npolicy p {{ rule r {{ when cpu < 20% {sign} 5% use a }} otherwise use a }}"
    problems = parse(Source("a.eap", text)).diagnostics
    assert problems
    assert [safe_fix(problem) for problem in problems] == [None] * len(problems)


@pytest.mark.parametrize("unit", ["TOPS", "Kib/s", "\u212a"])
def test_what_is_no_unit_is_called_one_alone_and_as_its_author_wrote_it(unit: str) -> None:
    [problem] = _spell(f"5 {unit} ")[1].diagnostics[:1]
    assert (problem.code, problem.message) == ("EAP004", f"`{unit.partition('/')[0]}` is not a unit")
