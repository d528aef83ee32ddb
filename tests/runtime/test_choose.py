"""Section 4 of the language: which variant a `use` yields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from edgeadapt.program.status import VariantStatus
from edgeadapt.registry.family import ModelFamily
from tests.runtime.world import ABC, MEASURED, plain, session, state

OUT = VariantStatus(available=False, reason="quarantined")


def picked(
    use: str,
    family: ModelFamily = MEASURED,
    *,
    active: str | None = None,
    out: tuple[str, ...] = (),
    otherwise: str | None = None,
    head: str = "",
    **signals: Any,
) -> tuple[str | None, str]:
    """Return the target and winning rule of `rule r { when true use USE }` in one step."""
    last = otherwise or f'"{family.names[-1]}"'
    opened = session(
        f"{head} rule r {{ when true use {use} }} otherwise use {last}", family, auto_commit=False
    )
    if active is not None:
        opened.committed(active, 0)
    decision = opened.step(state(0, **signals), variants=dict.fromkeys(out, OUT))
    return decision.target, decision.rule


def last_resort(
    use: str, family: ModelFamily, *, active: str | None = None, out: tuple[str, ...] = ()
) -> tuple[str | None, str]:
    """Return the target and reason of `otherwise use USE` in one step."""
    opened = session(f"otherwise use {use}", family, auto_commit=False)
    if active is not None:
        opened.committed(active, 0)
    decision = opened.step(state(0), variants=dict.fromkeys(out, OUT))
    return decision.target, decision.reason


@pytest.mark.parametrize(
    ("use", "variant"),
    [
        ("medium", "medium"),
        ("highest accuracy", "full"),
        ("lowest accuracy", "tiny"),
        ("lowest latency", "tiny"),
        ("highest memory", "full"),
        ("lowest power", "tiny"),
        ("highest power", "full"),
        ("highest level(power)", "full"),
        ("highest accuracy where latency <= 15 ms", "medium"),
        ("highest accuracy where latency < 15 ms", "tiny"),
        ("highest accuracy where memory <= 1% * memory_available", "medium"),
        ("lowest latency where accuracy >= 0.9 and power != low", "medium"),
        ("medium where accuracy >= 0.9", "medium"),
    ],
)
def test_the_best_candidate_is_the_choice(use: str, variant: str) -> None:
    assert picked(use, otherwise="tiny") == (variant, "r")


def test_a_score_may_mix_attributes_signals_and_parameters() -> None:
    use = "highest 0.5 * accuracy + 0.3 * (1 - latency / latency_budget) + 0.2 * (1 - level(power))"
    head = "param latency_budget = 40 ms"

    def by_hand(accuracy: float, latency: float, level: float) -> float:
        return 0.5 * accuracy + 0.3 * (1 - latency / 40) + 0.2 * (1 - level)

    scores = {"tiny": by_hand(0.8, 5, 0), "medium": by_hand(0.9, 15, 0.5), "full": by_hand(0.97, 40, 1)}
    opened = session(f"{head} rule r {{ when true use {use} }} otherwise use tiny", MEASURED)
    explanation = opened.step(state(0), explain=True).explanation
    assert explanation is not None
    assert {c.variant: c.scores[0] for c in explanation.candidates} == pytest.approx(scores)
    assert picked(use, head=head, otherwise="full") == ("tiny", "r")
    # A slow processor weighs: with nothing to do, accuracy wins.
    use = "highest accuracy - cpu / 100% * latency / 80 ms"
    assert [picked(use, otherwise="tiny", cpu=cpu)[0] for cpu in (0.0, 50.0, 100.0)] == [
        "full",
        "medium",
        "tiny",
    ]


def test_ties_go_to_the_next_ranking_and_then_to_the_familys_order() -> None:
    family = plain(a={"p": 1, "q": 1}, b={"p": 2, "q": 1}, c={"p": 2, "q": 3}, d={"p": 2, "q": 3})
    assert picked("highest variant.p", family)[0] == "b"
    assert picked("highest variant.p then highest variant.q", family)[0] == "c"
    assert picked("highest variant.p then lowest variant.q", family)[0] == "b"
    assert picked("lowest variant.q", family)[0] == "a"
    assert picked("highest 1", family)[0] == "a"
    assert picked("lowest 1 then highest variant.q then lowest variant.p", family)[0] == "c"


TOLERANT = plain(best={"s": 10}, at={"s": 8}, beyond={"s": 7.99}, first={"s": 10})


@pytest.mark.parametrize(
    ("active", "target"),
    [("at", "at"), ("beyond", "best"), ("first", "first"), ("best", "best"), (None, "best")],
)
def test_the_active_variant_stays_while_it_is_at_most_the_tolerance_from_the_best(
    active: str | None, target: str
) -> None:
    assert picked("highest variant.s tolerance 2", TOLERANT, active=active) == (target, "r")


def test_the_tolerance_works_downwards_too_and_looks_at_the_first_ranking_only() -> None:
    family = plain(low={"s": 1, "u": 0}, mid={"s": 3, "u": 0}, high={"s": 3.01, "u": 9})
    assert picked("lowest variant.s tolerance 2", family, active="mid")[0] == "mid"
    assert picked("lowest variant.s tolerance 2", family, active="high")[0] == "low"
    assert picked("lowest variant.s tolerance 2 + 1", family, active="high")[0] == "high"
    assert picked("lowest variant.s then highest variant.u tolerance 5", family, active="mid")[0] == "mid"


def test_without_tolerance_the_best_is_taken_however_close_the_active_one_is() -> None:
    assert picked("highest variant.s", TOLERANT, active="first")[0] == "best"


@pytest.mark.parametrize("out", [(), ("at",)])
def test_an_active_variant_that_does_not_qualify_is_not_kept(out: tuple[str, ...]) -> None:
    where = "" if out else "where variant.s != 8"
    assert picked(f"highest variant.s tolerance 5 {where}", TOLERANT, active="at", out=out)[0] == "best"


def test_the_best_is_the_best_of_those_that_qualify() -> None:
    assert (
        picked("highest variant.s tolerance 0.01 where variant.s < 9", TOLERANT, active="beyond")[0]
        == "beyond"
    )


def test_a_tolerance_is_a_constant_of_the_scores_kind_and_may_hold_parameters() -> None:
    use, head = "lowest latency tolerance slack", "param slack = 10 ms"
    assert picked(use, head=head, active="medium")[0] == "medium"
    opened = session(
        f"{head} rule r {{ when true use {use} }} otherwise use full",
        MEASURED,
        {"slack": "9.999 ms"},
        auto_commit=False,
    )
    opened.committed("medium", 0)
    assert opened.step(state(0)).target == "tiny"


def test_else_is_tried_when_nothing_qualified() -> None:
    use = "highest accuracy where latency < 1 ms else medium where cpu > 50% else lowest power"
    assert picked(use, cpu=0.0) == ("tiny", "r")
    assert picked(use, cpu=80.0) == ("medium", "r")


def test_a_rule_that_yields_nothing_lets_the_next_active_rule_be_asked() -> None:
    rules = (
        "rule top { when true use tiny where cpu > 50% } rule low { when true use medium where cpu > 20% }"
    )
    opened = session(f"{rules} otherwise use full", MEASURED)
    seen = [opened.step(state(t, cpu=cpu)) for t, cpu in enumerate((80.0, 30.0, 10.0))]
    assert [(d.target, d.rule) for d in seen] == [("tiny", "top"), ("medium", "low"), ("full", "otherwise")]
    assert opened.phases == {"top": "active", "low": "active"}


def test_a_candidate_whose_condition_is_unknown_does_not_qualify() -> None:
    assert picked("medium where battery > 20%") == ("full", "otherwise")
    assert picked("highest accuracy where battery > 20% or latency < 10 ms") == ("tiny", "r")


def test_a_candidate_whose_score_is_unknown_does_not_qualify() -> None:
    family = plain(a={}, b={"s": 1}, c={"s": 2, "u": 1}, d={"s": 2})
    assert picked("lowest variant.s", family)[0] == "b"
    assert picked("highest variant.s then highest variant.u", family)[0] == "c"
    assert picked("lowest variant.s then highest variant.u", family)[0] == "c", (
        "b and d lack the second score"
    )
    assert picked("highest variant.nobody", family) == ("d", "otherwise")
    assert picked("highest latency where latency is unknown", family) == ("d", "otherwise")


def test_a_score_that_divides_by_zero_does_not_qualify() -> None:
    family = plain(a={"s": 0}, b={"s": 4})
    assert picked("highest 1 / variant.s", family)[0] == "b"


@pytest.mark.parametrize(
    ("use", "out", "expected"),
    [
        ("medium", ("medium",), ("full", "otherwise")),
        ("medium else tiny", ("medium",), ("tiny", "r")),
        ("lowest latency", ("tiny",), ("medium", "r")),
        ("lowest latency", ("tiny", "medium"), ("full", "r")),
        ("lowest latency", ("tiny", "medium", "full"), (None, "otherwise")),
    ],
)
def test_a_variant_that_is_marked_unavailable_is_no_candidate_by_name_or_by_rank(
    use: str, out: tuple[str, ...], expected: tuple[str | None, str]
) -> None:
    assert picked(use, out=out) == expected


def test_a_variant_that_is_marked_available_or_not_at_all_is_a_candidate() -> None:
    opened = session("otherwise use a", ABC)
    variants: Mapping[str, VariantStatus] = {"a": VariantStatus(), "b": OUT}
    assert opened.step(state(0), variants=variants).target == "a"


def test_a_variant_is_a_candidate_again_as_soon_as_it_is_not_marked() -> None:
    opened = session("otherwise use a else b", ABC)
    seen = [opened.step(state(t), variants=marks).target for t, marks in enumerate([{"a": OUT}, {}])]
    assert seen == ["b", "a"]


def test_the_last_choice_of_otherwise_takes_an_unknown_score_as_the_last() -> None:
    family = plain(a={}, b={"s": 1}, c={"s": 2})
    assert last_resort("lowest variant.s", family) == ("b", "ADOPTED")
    assert last_resort("highest variant.s", family) == ("c", "ADOPTED")
    assert last_resort("lowest variant.s", family, out=("b", "c")) == ("a", "ADOPTED")
    assert last_resort("lowest variant.nobody", family) == ("a", "ADOPTED")
    assert last_resort("lowest variant.nobody then highest variant.s", family) == ("c", "ADOPTED")


def test_only_the_last_choice_of_otherwise_does_so() -> None:
    family = plain(a={}, b={"s": 1})
    assert last_resort("highest variant.nobody else b", family) == ("b", "ADOPTED")
    assert picked("highest variant.nobody", family) == ("b", "otherwise")


def test_an_active_variant_of_unknown_score_is_not_kept_by_a_tolerance() -> None:
    family = plain(a={}, b={"s": 1})
    assert last_resort("highest variant.s tolerance 100", family, active="a") == (
        "b",
        "SWAP_POLICY_RECOMMEND",
    )


def test_if_even_otherwise_finds_none_the_active_variant_stays() -> None:
    assert last_resort("a", ABC, active="b", out=("a",)) == ("b", "NO_CANDIDATE")
    assert last_resort("a", ABC, active="a", out=("a", "b", "c")) == ("a", "NO_CANDIDATE")
    assert last_resort("a", ABC, out=("a",)) == (None, "NO_CANDIDATE")
    assert last_resort("lowest latency", ABC, active="b", out=("a", "b", "c")) == ("b", "NO_CANDIDATE")


def test_nothing_is_committed_when_there_is_no_candidate() -> None:
    opened = session("otherwise use a", ABC)
    assert opened.step(state(0), variants={"a": OUT}).active is None
    assert opened.step(state(1)).reason == "ADOPTED"
