"""The canonical form, by examples: each text of the corpus, and what becomes of comments, lines and columns.

`EDGEADAPT_UPDATE_CORPUS=1 pytest tests/language/test_formatter.py` rewrites what stands beside; read the difference.
"""

import os
from pathlib import Path
from textwrap import dedent

import pytest

from edgeadapt.diagnostics import PolicyError, Source
from edgeadapt.language import compile_text
from edgeadapt.language.formatter import format_policy
from edgeadapt.language.parser import parse
from edgeadapt.shipped import shipped

CORPUS = Path(__file__).parents[1] / "corpus"
VALID = sorted((CORPUS / "valid").glob("*.eap"))
POLICIES = sorted(shipped("policies").glob("*.eap"))


def formatted(text: str) -> str:
    return format_policy(parse(Source("p.eap", text)))


def sections(text: str) -> str:
    """Format sections in a policy of their own; return them without what is around them."""
    page = formatted(f"edition 1 policy p {{\n{text}\n}}")
    return dedent(page.removeprefix("edition 1\n\npolicy p {\n").removesuffix("}\n"))


def inside(text: str) -> str:
    return dedent(text).removeprefix("\n")


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_policy_of_the_corpus_gets_the_form_beside_it(path: Path) -> None:
    text = formatted(path.read_bytes().decode("utf-8"))
    beside = path.with_suffix(".formatted")
    if os.environ.get("EDGEADAPT_UPDATE_CORPUS"):
        beside.write_text(text, encoding="utf-8", newline="\n")
    assert text == beside.read_bytes().decode("utf-8")


@pytest.mark.parametrize("path", [*VALID, *POLICIES], ids=lambda path: path.stem)
def test_formatting_changes_no_program(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    once = formatted(text)
    assert compile_text(once).digest == compile_text(text).digest
    assert formatted(once) == once


def test_sections_and_clauses_come_in_order_and_bring_their_comments() -> None:
    text = """
    # of the let
    let a = charging  # beside the let
    # of the rule
    rule r {
      # of the use
      use tiny
      # of the when
      when a  # beside the when
      # at the end of the rule
    }
    family digits
    # of otherwise
    otherwise use tiny
    input i: bool
    # at the end
    """
    assert sections(text) == inside(
        """
        family digits

        input i: bool

        # of the let
        let a = charging  # beside the let

        # of the rule
        rule r {
          # of the when
          when a  # beside the when
          # of the use
          use tiny
          # at the end of the rule
        }

        # of otherwise
        otherwise use tiny
        # at the end
        """
    )


def test_a_comment_in_an_expression_stays_behind_its_operand() -> None:
    text = """
    let a = charging and # first
      # before the second
      battery # in the second
        < 20% # after the second
      and (cpu > 5% or # in the group
        gpu > 5%)
    """
    assert sections(text) == inside(
        """
        let a = charging  # first
          # before the second
          and battery    # in the second
            < 20%        # after the second
          and (cpu > 5%  # in the group
            or gpu > 5%)
        """
    )


def test_a_comment_where_no_line_can_end_goes_to_the_lines_end_and_a_second_one_below() -> None:
    text = "rule # one\n r # two\n { # three\n when # four\n charging use tiny } # five\n otherwise use # six\n tiny"
    assert sections(text) == inside(
        """
        rule r {  # one
          # two
          # three
          when charging  # four
          use tiny
        }  # five

        otherwise use tiny  # six
        """
    )


def test_comments_around_the_policy_stay_there() -> None:
    text = "\ufeff# first\r\n\r\n\r\n# second\r\nedition # third\r\n1 # fourth\r\n# fifth\r\npolicy p { otherwise use a }\r\n\r\n\r\n# last"
    assert formatted(text) == (
        "# first\n\n# second\nedition 1  # third\n\n# fourth\n# fifth\npolicy p {\n  otherwise use a\n}\n\n# last\n"
    )


def test_what_is_said_of_a_rule_on_one_line_stays_with_its_head() -> None:
    assert sections("rule r { when charging use tiny } # why") == inside(
        """
        rule r {  # why
          when charging
          use tiny
        }
        """
    )


def test_empty_lines_are_kept_once_and_only_between_things() -> None:
    text = "\n\ninput a: bool\n\n\n\ninput b: bool\nparam c = 5\n\n\n# said\n\n\nlet d = a\n\nlet e = b\n\n"
    assert (
        sections(text) == "input a: bool\n\ninput b: bool\nparam c = 5\n\n# said\n\nlet d = a\n\nlet e = b\n"
    )


def test_a_long_choice_breaks_before_where_then_before_the_rankings() -> None:
    text = """
    otherwise use highest accuracy tolerance 0.02 where latency <= 40 ms and memory <= 50% * memory_available else tiny
    rule r { when charging use highest 0.5 * accuracy + 0.3 * (1 - latency / latency_budget) + 0.2 * (1 - level(power))
      then lowest a_long_name_of_an_input * another_long_name where accuracy >= 0.9 and memory <= 50% * memory_available
      and battery > 50% and temperature < 40 °C }
    """
    assert sections(text) == inside(
        """
        rule r {
          when charging
          use highest 0.5 * accuracy + 0.3 * (1 - latency / latency_budget) + 0.2 * (1 - level(power))
              then lowest a_long_name_of_an_input * another_long_name
              where accuracy >= 0.9
                and memory <= 50% * memory_available
                and battery > 50%
                and temperature < 40 °C
        }

        otherwise use highest accuracy tolerance 0.02
            where latency <= 40 ms and memory <= 50% * memory_available
          else tiny
        """
    )


def test_params_properties_and_steps_on_neighbouring_lines_have_columns() -> None:
    text = """
    param a = 5
    param longer = 5 # said
    # apart
    param b = 5
    property a { at most 1 swaps per 1 s }
    property longer { never use full when battery<10 % }
    test t { at 0 s: battery = 25 %, charging = false expect tiny at 100 s: cpu=5% expect "no name"
      at 200 s: at 300s:expect tiny }
    """
    assert sections(text) == inside(
        """
        param a      = 5
        param longer = 5  # said
        # apart
        param b = 5

        property a      { at most 1 swap per 1 s }
        property longer { never use full when battery < 10% }

        test t {
          at 0 s:   battery = 25%, charging = false  expect tiny
          at 100 s: cpu = 5%                         expect "no name"
          at 200 s:
          at 300 s:                                  expect tiny
        }
        """
    )


def test_a_column_gives_way_where_it_would_push_a_line_out_of_the_page() -> None:
    long = ", ".join(f"signal_{number} = {number}" for number in range(5))
    text = f"test t {{ at 0 s: {long} expect tiny at 1 s: cpu = 5% expect a_variant_with_a_longish_name at 2 s: cpu = 5% expect tiny }}"
    assert sections(text) == (
        "test t {\n"
        f"  at 0 s: {long}  expect tiny\n"
        "  at 1 s: cpu = 5%  expect a_variant_with_a_longish_name\n"
        "  at 2 s: cpu = 5%  expect tiny\n"
        "}\n"
    )


def test_a_property_that_is_too_long_for_its_line_or_holds_a_comment_is_a_block() -> None:
    names = [f"variant_{number}" for number in range(10)]
    promise = f"never use {', '.join(names)} when charging for 5 s"
    text = f"property a {{ # why\n at most 1 swap per 1 s }}\nproperty b {{ {promise} }}"
    assert sections(text) == (
        "property a {  # why\n  at most 1 swap per 1 s\n}\n\n"
        f"property b {{\n  never use {', '.join(names[:7])},\n    {', '.join(names[7:])}\n"
        "    when charging\n    for 5 s\n}\n"
    )


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("5µs", "5 us"),
        ("5  %", "5%"),
        ("- 5 °C", "-5 °C"),
        ("007.50s", "007.50 s"),
        ("((a)) + (b * c)", "a + b * c"),
        ("a - (b - c)", "a - (b - c)"),
        ("(a ?? b) ?? c", "(a ?? b) ?? c"),
        ("a ?? (b ?? -5)", "a ?? b ?? -5"),
        ("-(5)", "-(5)"),
        ("-(a)", "-a"),
        ("(a ?? 1) * 2 > (b ?? 1)", "(a ?? 1) * 2 > (b ?? 1)"),
        ("a and b or c and not (d)", "(a and b) or (c and not d)"),
        ("(a and b) and c", "(a and b) and c"),
        ("not a < b", "not (a < b)"),
        ("a<b band 5 K", "a < b band 5 K"),
        ("(a+b) is known", "(a + b) is known"),
        ("a in 1..2", "a in 1 .. 2"),
    ],
)
def test_an_expression_has_one_spelling(written: str, canonical: str) -> None:
    assert sections(f"let x = {written}") == f"let x = {canonical}\n"


@pytest.mark.parametrize(
    ("name", "shown"), [('"tiny"', "tiny"), ('"use"', '"use"'), ('"a-b"', '"a-b"'), ('""', '""')]
)
def test_a_variant_is_quoted_only_where_it_must_be(name: str, shown: str) -> None:
    assert sections(f"otherwise use {name}") == f"otherwise use {shown}\n"


def test_a_text_with_syntax_errors_is_refused_with_its_problems() -> None:
    with pytest.raises(PolicyError) as caught:
        formatted("edition 1 policy p { let a = = 5 }")
    assert caught.value.diagnostics


def test_a_text_that_only_means_nothing_is_formatted() -> None:
    assert sections("let a = batery > charging rule r { }") == "let a = batery > charging\n\nrule r {}\n"


def test_a_large_policy_takes_no_long_time() -> None:
    rules = "\n".join(f"rule r{number} {{ when cpu > {number}% # why\n use tiny }}" for number in range(300))
    assert formatted(f"edition 1 policy p {{ {rules} otherwise use tiny }}").count("# why") == 300


@pytest.mark.parametrize("row", ["not " * 60 + "charging", "-" * 60 + "cpu < 5%"])
def test_an_operator_before_itself_is_not_nested_deeper_than_it_was(row: str) -> None:
    text = formatted(f"edition 1 policy p {{ let x = {row} otherwise use a }}")
    assert formatted(text) == text
