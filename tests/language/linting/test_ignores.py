"""Comments silence lints, one by one and with a reason; what they do in vain is told."""

from __future__ import annotations

import pytest

from edgeadapt.diagnostics import Source
from edgeadapt.language import lint_text
from edgeadapt.language.formatter import format_policy
from edgeadapt.language.linting.ignores import find_ignores
from edgeadapt.language.parser import parse


def codes(*rule_lines: str) -> list[str]:
    body = "\n".join(rule_lines)
    text = f"edition 1\npolicy p {{\n{body}\nuse tiny }}\notherwise use full\n}}"
    return [problem.code for problem in lint_text(text)]


BUSY = "rule busy { when cpu > 85%"


def test_without_a_comment_the_lint_is_told() -> None:
    assert codes(BUSY) == ["EAP418"]


@pytest.mark.parametrize(
    "lines",
    [
        (f"{BUSY}  # eap: ignore[EAP418] averaged",),
        ("# eap: ignore[EAP418] averaged", BUSY),
        ("# eap: ignore[EAP418] averaged", "", "# another comment", BUSY),
        ("# eap:ignore[EAP418]: averaged", BUSY),
        (f"{BUSY}  # eap: ignore[EAP418 , EAP418] averaged",),
        ("# eap: ignore[EAP418] averaged", "", "rule busy {", "when cpu > 85%"),
        ("rule busy {  # eap: ignore[EAP418] averaged", "when cpu > 85%"),
        ("rule busy {", "when cpu > 85%", "or gpu > 5%  # eap: ignore[EAP418] averaged"),
    ],
)
def test_a_comment_on_the_line_or_above_it_silences(lines: tuple[str, ...]) -> None:
    assert codes(*lines) == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((f"{BUSY}  # eap: ignore[EAP401] averaged",), ["EAP418", "EAP490"]),
        ((f"{BUSY}  # eap: ignore[EAP418]",), ["EAP491"]),
        ((f"{BUSY}  # eap: ignore averaged",), ["EAP418", "EAP492"]),
        ((f"{BUSY}  # eap: ignore[EAP001] averaged",), ["EAP418", "EAP492"]),
        (
            ("rule busy {", "# eap: ignore[EAP418] averaged", "for 0 s", "when cpu > 85%"),
            ["EAP490", "EAP430", "EAP418"],
        ),
        ((f"{BUSY}  # see eap: ignore[EAP418] averaged",), ["EAP418"]),
        (('rule busy "# eap: ignore[EAP418] no comment" {', "when cpu > 85%"), ["EAP418"]),
    ],
)
def test_a_comment_in_vain_or_without_a_reason_is_told(lines: tuple[str, ...], expected: list[str]) -> None:
    assert codes(*lines) == expected


@pytest.mark.parametrize(
    "text",
    [
        "# eap: ignore[EAP418] why\nrule busy { when cpu > 85% use tiny }",
        "rule busy { when cpu > 85% use tiny }  # eap: ignore[EAP418] why",
        "rule busy { when cpu > 85% and charging  # eap: ignore[EAP418] why\n use tiny }",
        "otherwise use highest accuracy where memory <= 5% * memory_available else small  # eap: ignore[EAP432] why",
    ],
)
def test_what_is_silenced_stays_so_when_it_is_formatted(text: str) -> None:
    rest = "" if "otherwise" in text else "otherwise use full\n"
    policy = f"edition 1\npolicy p {{\n{text}\n{rest}}}\n"
    formatted = format_policy(parse(Source("p.eap", policy)))
    assert formatted.count("\n") > policy.count("\n")
    assert [problem.code for problem in (*lint_text(policy), *lint_text(formatted))] == []


def test_an_ignore_comment_does_not_silence_what_is_said_about_it() -> None:
    assert codes(f"{BUSY}  # eap: ignore[EAP418, EAP491]") == ["EAP490", "EAP491"]


def test_errors_can_not_be_silenced() -> None:
    assert "EAP101" in codes("rule r { when cpuu > 85%  # eap: ignore[EAP101] I know")


def test_a_comments_place_is_told_after_other_line_ends_too() -> None:
    text = 'edition 1\r\npolicy p "a # b" {\r\n  # eap: ignore[EAP401] why\r\n}'
    (found,) = find_ignores(Source("p.eap", text))
    assert text[found.span.start : found.span.end] == "# eap: ignore[EAP401] why"
    assert (found.codes, found.reason, found.line) == (("EAP401",), "why", 4)
