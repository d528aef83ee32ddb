"""What is said where reading stopped: what the author meant, and what works when it is written."""

from __future__ import annotations

import pytest

from edgeadapt.language import lint_text


def _told(text: str) -> list[tuple[str, str]]:
    return [(it.code, it.help) for it in lint_text(text) if it.severity.name == "ERROR"]


def _in_rule(body: str) -> list[tuple[str, str]]:
    return _told(f"edition 1\npolicy p {{ rule r {{ {body} }} otherwise use b }}\n")


@pytest.mark.parametrize(
    ("choice", "right"),
    [
        ("low power", "lowest power"), ("best accuracy", "highest accuracy"), ("a else minimum latency", "lowest latency"),
        ("max variant.top1", "highest …"), ("least level(power)", "lowest …"),
    ],
)  # fmt: skip
def test_a_ranking_by_another_word_gets_the_language_s(choice: str, right: str) -> None:
    help_ = f"candidates are ranked by `highest` or `lowest`: write `{right}`"
    assert _in_rule(f"when charging use {choice}") == [("EAP007", help_)]


@pytest.mark.parametrize("between", [" and", ","])
def test_two_rankings_are_told_apart_from_two_choices(between: str) -> None:
    [(code, help_)] = _in_rule(f"when charging use highest accuracy{between} lowest latency")
    assert code == "EAP007"
    assert (
        help_
        == "another ranking, for ties, follows `then`; another choice, where none qualifies, follows `else`"
    )


@pytest.mark.parametrize(
    ("words", "sign"),
    [("is below 20%", "<"), ("less than 20%", "<"), ("is above 20%", ">"), ("exceeds 20%", ">")],
)
def test_a_comparison_in_words_gets_its_sign(words: str, sign: str) -> None:
    assert _in_rule(f"when battery {words} use a")[0] == (
        "EAP007",
        f"a comparison is written with a sign: `{sign}`",
    )


@pytest.mark.parametrize("word", ["null", "none", "nil", "undefined"])
def test_a_value_that_is_not_there_is_unknown(word: str) -> None:
    assert _in_rule(f"when battery is {word} use a") == [("EAP013", "write `is unknown`")]


def test_a_word_that_an_input_lists_is_no_unknown() -> None:
    text = "edition 1 policy p { input mode: one of some, none rule r { when mode is none use a } otherwise use b }"
    assert _told(text) == [("EAP013", "write `==`")]


@pytest.mark.parametrize(
    "condition", ["and", "(battery ?? unknown) < 5%", "charging and and charging", "rule"]
)
def test_a_keyword_in_the_place_of_a_value_is_told_once(condition: str) -> None:
    assert len(_in_rule(f"when {condition} use a")) == 1


@pytest.mark.parametrize(
    ("guard", "help_"),
    [
        ("at most 4 swaps every minute", "expected `per`"),
        ("max 4 swaps per 1 min", "expected `at`, `cooldown` or `}`"),
    ],
)
def test_no_wish_is_read_into_a_word_where_another_must_stand(guard: str, help_: str) -> None:
    assert _told(f"edition 1\npolicy p {{ otherwise use a guard {{ {guard} }} }}\n") == [("EAP007", help_)]


@pytest.mark.parametrize("start", ["policy q {", "edition 1 policy q {"])
def test_a_second_policy_wants_a_file_of_its_own(start: str) -> None:
    told = _told(f"edition 1\npolicy p {{ otherwise use a }}\n{start} let x = 1 }}\n")
    assert told == [("EAP007", "one policy a file: give this one a file of its own")]


@pytest.mark.parametrize(
    ("attribute", "signal"),
    [("battery_pct", "battery"), ("thermal_zone_c", "temperature"), ("available_ram_mb", "memory_available")],
)
def test_an_attribute_of_the_device_s_state_is_proposed_as_the_signal(attribute: str, signal: str) -> None:
    assert _in_rule(f"when {attribute} is known use a") == [("EAP101", f"did you mean `{signal}`?")]
