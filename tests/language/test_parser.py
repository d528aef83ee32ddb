"""One run reports every problem of form, and the sections around a broken one are still read."""

import pytest

from edgeadapt.diagnostics import Source
from edgeadapt.language.parser import parse
from edgeadapt.language.tree import LetDecl, RuleDecl

NEAR_MISSES = [
    ("let a = battery_time_left < 1e3 ms", "EAP003", "1000"),
    ("let a = accuracy < .5", "EAP003", "`0.5`"),
    ("let a = battery_time_left < 5m", "EAP004", "5 min"),
    ("let a = temperature < 45C", "EAP004", "45 °C"),
    ("let a = memory_available < 5Mb", "EAP004", "5 MB"),
    ("let a = temperature < 45 º", "EAP004", "45 °C"),
    ("let a = temperature < 45 ℃", "EAP004", "45 °C"),
    ("let a = charging && throttled", "EAP002", "and"),
    ("let a = charging || throttled", "EAP002", "or"),
    ("let a = !charging", "EAP002", "not"),
    ("let a = battery = 20%", "EAP002", "=="),
    ("let a = 1 < cpu < 3", "EAP012", "and"),
    ("let a = battery is not known", "EAP013", "is unknown"),
    ("rule r { when charging for 1 min 30 s use a }", "EAP014", "90 s"),
]


def _text(section: str) -> str:
    return f"edition 1\npolicy p {{\n  let first = charging\n  {section}\n  let last = charging\n  otherwise use a\n}}\n"


@pytest.mark.parametrize(("section", "code", "remedy"), NEAR_MISSES)
def test_a_near_miss_gets_one_diagnostic_with_its_remedy(section: str, code: str, remedy: str) -> None:
    parsed = parse(Source("p.eap", _text(section)))
    assert [problem.code for problem in parsed.diagnostics] == [code]
    assert remedy in parsed.diagnostics[0].help
    assert parsed.source.line_col(parsed.diagnostics[0].span.start)[0] == 4


@pytest.mark.parametrize("section", ["let a = battery_time_left < 5 µs", "let a = battery_time_left < 5 us"])
def test_microseconds_may_be_written_both_ways(section: str) -> None:
    assert parse(Source("p.eap", _text(section))).diagnostics == ()


def test_the_sections_around_a_broken_one_are_read_once_each() -> None:
    parsed = parse(Source("p.eap", _text("let broken = = 5\n  rule r { when charging use a }")))
    assert parsed.tree is not None
    names = [s.name.text for s in parsed.tree.sections if isinstance(s, (LetDecl, RuleDecl))]
    assert names == ["first", "r", "last"]
    assert parsed.lost_names == {"broken"}


@pytest.mark.parametrize(
    "text",
    ["", "policy", "{{{{", "\x00", "}", "edition 1 policy p { let a = " + "(" * 5000, "\ufeff", "let let let", "edition 1 policy p { rule",
     "edition 1 policy p { let a = " + "1+" * 5000 + "1 otherwise use a }", "edition 1 policy p { let a = " + "not " * 5000 + "x otherwise use a }"],
)  # fmt: skip
def test_any_text_gets_diagnostics_and_no_exception(text: str) -> None:
    assert parse(Source("p.eap", text)).diagnostics


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("edition 1\npolicy p {\n  family digits\n  otherwise use a\n}\n", "digits"),
        ("edition 1\npolicy p {\n  otherwise use a\n}\n", None),
        ("policy", None),
    ],
)
def test_a_parsed_policy_knows_the_family_it_asks_for(text: str, family: str | None) -> None:
    assert parse(Source("p.eap", text)).family == family
