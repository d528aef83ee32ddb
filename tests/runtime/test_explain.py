"""What an explanation says of a step: phases, conditions with their values, timers, candidates and the guard's verdict."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from edgeadapt.program.decision import ConditionPart, Decision, Explanation, RuleExplanation, TimerState
from edgeadapt.program.params import with_params
from edgeadapt.program.status import VariantStatus
from edgeadapt.runtime import Session
from tests.runtime.drawn import VARIANTS, draw_durations, draw_policy, draw_step, text_of
from tests.runtime.world import ABC, MEASURED, S, plain, program, session, state

HEAD = "input x: number input e: bool input mood: one of sad, calm, merry ordered"
OUT = VariantStatus(available=False, reason="quarantined for 30 s")


def explained(
    opened: Session, t: int = 0, signals: dict[str, Any] | None = None, **inputs: Any
) -> Explanation:
    explanation = opened.step(state(t / S, **(signals or {})), inputs, explain=True).explanation
    assert explanation is not None
    return explanation


def rule_after(clauses: str, *steps: tuple[int, Any]) -> RuleExplanation:
    """Explain the rule `r { when e CLAUSES use a }` at the last of some steps (ns, `e`)."""
    opened = session(f"{HEAD} rule r {{ when e {clauses} use a }} otherwise use b")
    return [explained(opened, t, e=e).rules[0] for t, e in steps][-1]


def test_a_step_is_explained_only_when_asked() -> None:
    assert session("otherwise use a").step(state(0)).explanation is None


@pytest.mark.parametrize(
    ("clauses", "steps", "phase", "timers"),
    [
        ("for 5 s", [(0, False)], "idle", []),
        ("for 5 s", [(0, True)], "pending", [("for", 0, 5)]),
        ("for 5 s", [(0, True), (2, True)], "pending", [("for", 2, 3)]),
        ("for 5 s", [(0, True), (5, True)], "active", []),
        ("hold 9 s", [(0, True), (2, True)], "active", [("hold", 2, 7)]),
        ("hold 9 s", [(0, True), (9, True)], "active", []),
        (
            "linger 4 s hold 9 s",
            [(0, True), (2, False), (3, False)],
            "ending",
            [("linger", 1, 3), ("hold", 3, 6)],
        ),
        (
            "linger 4 s hold 9 s",
            [(0, True), (2, False), (7, False)],
            "ending",
            [("linger", 5, 0), ("hold", 7, 2)],
        ),
        ("cooldown 9 s", [(0, True), (2, False), (3, False)], "idle", [("cooldown", 1, 8)]),
        ("cooldown 9 s", [(0, True), (2, False), (3, True)], "pending", [("for", 0, 0), ("cooldown", 1, 8)]),
        ("cooldown 9 s", [(0, True), (2, False), (11, False)], "idle", []),
    ],
)
def test_each_phase_shows_the_timers_that_run_and_the_time_they_have_left(
    clauses: str, steps: list[tuple[int, bool]], phase: str, timers: list[tuple[str, int, int]]
) -> None:
    rule = rule_after(clauses, *((t * S, e) for t, e in steps))
    assert rule.phase == phase
    assert rule.timers == tuple(TimerState(name, ran * S, left * S) for name, ran, left in timers)


def test_rules_come_in_order_whether_or_not_one_above_them_won() -> None:
    opened = session(
        f"{HEAD} rule top {{ when e use a }} rule low {{ when not e until x > 3 use b }} otherwise use c"
    )
    explanation = explained(opened, e=True)
    assert [(rule.name, rule.phase) for rule in explanation.rules] == [("top", "active"), ("low", "idle")]
    assert [rule.until and rule.until.text for rule in explanation.rules] == [None, "x > 3"]


def test_a_condition_is_split_into_its_parts_with_the_values_that_decided() -> None:
    opened = session(
        "let hot = temperature >= 60 °C let spare = 100% - cpu "
        "rule r { when (battery < 20% and not charging) or hot and spare > 5% use a } otherwise use b"
    )
    when = explained(opened, signals={"battery": 15.0, "temperature": 61.5, "cpu": 30.0}).rules[0].when
    assert when == ConditionPart(
        "battery < 20% and not charging or hot and spare > 5%",
        True,
        (),
        (
            ConditionPart(
                "battery < 20% and not charging",
                None,
                (),
                (
                    ConditionPart("battery < 20%", True, (("battery", "15%"),)),
                    ConditionPart(
                        "not charging",
                        None,
                        (),
                        (ConditionPart("charging", None, (("charging", "unknown"),)),),
                    ),
                ),
            ),
            ConditionPart(
                "hot and spare > 5%",
                True,
                (),
                (
                    ConditionPart(
                        "hot",
                        True,
                        (),
                        (ConditionPart("temperature >= 60 °C", True, (("temperature", "61.5 °C"),)),),
                    ),
                    ConditionPart("spare > 5%", True, (("spare", "70%"),)),
                ),
            ),
        ),
    )


def test_values_are_written_in_the_units_of_their_kind() -> None:
    text = "e and mood == calm and network < good and x * limit > 1 s and memory_available > size and inference_rate > 1 Hz"
    opened = session(
        f"{HEAD} param limit = 40 ms param size = 20 GB rule r {{ when {text} use a }} otherwise use b"
    )
    when = explained(opened, signals={"network": "fair"}, e=True, mood="merry", x=3).rules[0].when
    values = [part.values for part in when.parts]
    assert values == [
        (("e", "true"),),
        (("mood", "merry"),),
        (("network", "fair"),),
        (("x", "3"), ("limit", "40 ms")),
        (("memory_available", "4000 MB"), ("size", "20 GB")),
        (("inference_rate", "unknown"),),
    ]


def test_a_band_is_explained_with_the_memory_it_has_after_the_step() -> None:
    opened = session(f"{HEAD} rule r {{ when x < 10 band 5 use a }} otherwise use b")
    assert explained(opened, x=9).rules[0].when == ConditionPart("x < 10 band 5", True, (("x", "9"),))
    assert explained(opened, x=12).rules[0].when == ConditionPart("x < 10 band 5", True, (("x", "12"),))


def parts_in(part: ConditionPart) -> int:
    return 1 + sum(parts_in(inner) for inner in part.parts)


def test_a_let_is_opened_where_it_is_first_met_and_has_its_value_elsewhere() -> None:
    opened = session("let hot = temperature > 60 °C rule r { when hot or not hot use a } otherwise use b")
    first, second = explained(opened, signals={"temperature": 50.0}).rules[0].when.parts
    assert first.parts[0].text == "temperature > 60 °C"
    assert second.parts == (ConditionPart("hot", False, (("hot", "false"),)),)


@pytest.mark.parametrize("form", ["{0} and {0}", "not {0}"])
def test_lets_of_lets_make_no_explanation_without_bound(form: str) -> None:
    lets = " ".join(f"let v{i} = {form.format(f'v{i - 1}')}" for i in range(1, 400))
    opened = session(f"{HEAD} let v0 = x > 1 {lets} rule r {{ when v399 use a }} otherwise use b")
    when = explained(opened, x=2).rules[0].when
    assert parts_in(when) < 100
    assert when.value is (form != "not {0}")


def candidates(use: str, out: tuple[str, ...] = (), **signals: Any) -> dict[str, tuple[bool, bool, str]]:
    opened = session(f"rule r {{ when true use {use} }} otherwise use lowest latency", MEASURED)
    decision = opened.step(state(0, **signals), variants=dict.fromkeys(out, OUT), explain=True)
    assert decision.explanation is not None
    asked = next(choice for choice in decision.explanation.choices if choice.rule == "r")
    return {c.variant: (c.available, c.qualifies, c.reason) for c in asked.candidates}


def test_each_candidate_says_what_keeps_it_from_being_chosen() -> None:
    use = "highest accuracy where latency <= 20 ms and memory <= 50% * memory_available and power < high"
    assert candidates(use, out=("tiny",)) == {
        "tiny": (False, False, "quarantined for 30 s"),
        "medium": (True, True, ""),
        "full": (True, False, "`latency <= 20 ms` is false: latency is 40 ms"),
    }


def test_the_part_that_failed_is_the_smallest_one() -> None:
    assert candidates(
        "full where latency < 1 s and (accuracy > 0.9 and (memory < 1 GB and power < high))"
    ) == {"full": (True, False, "`power < high` is false: power is high")}


def test_where_no_single_part_failed_the_whole_is_shown() -> None:
    assert candidates("full where latency < 1 ms or memory < 1 MB")["full"][2] == (
        "`latency < 1 ms or memory < 1 MB` is false: latency is 40 ms, memory is 160 MB"
    )
    assert (
        candidates("full where not (latency > 1 ms)")["full"][2]
        == "`not latency > 1 ms` is false: latency is 40 ms"
    )


def test_an_unknown_condition_or_score_is_named() -> None:
    assert (
        candidates("full where battery > 20%")["full"][2] == "`battery > 20%` is unknown: battery is unknown"
    )
    assert candidates("highest accuracy then lowest variant.cost")["tiny"][2] == "`variant.cost` is unknown"


def test_a_variant_that_is_out_without_a_reason_is_called_not_available() -> None:
    opened = session("otherwise use a else b", ABC)
    decision = opened.step(state(0), variants={"a": VariantStatus(available=False)}, explain=True)
    assert decision.explanation is not None
    assert decision.explanation.choices[0].candidates[0].reason == "not available"


def test_scores_are_shown_for_each_ranking() -> None:
    family = plain(a={"s": 1}, b={"s": 2, "u": 3})
    opened = session("otherwise use highest variant.s then lowest 2 * variant.u", family)
    assert [c.scores for c in explained(opened).candidates] == [(1.0, None), (2.0, 6.0)]
    assert [c.qualifies for c in explained(opened).candidates] == [True, True], (
        "the last choice takes what it can"
    )


def test_all_choices_that_were_asked_are_told_in_order_and_the_last_decided() -> None:
    rules = "rule top { when true use tiny where cpu > 50% else highest accuracy where latency < 1 ms } rule low { when e use full }"
    opened = session(
        f"{HEAD} {rules} otherwise use lowest level(power) then highest accuracy tolerance 0.01", MEASURED
    )
    explanation = explained(opened)
    assert [(choice.rule, choice.text, choice.picked) for choice in explanation.choices] == [
        ("top", "tiny where cpu > 50%", None),
        ("top", "highest accuracy where latency < 1 ms", None),
        ("otherwise", "lowest level(power) then highest accuracy tolerance 0.01", "tiny"),
    ]
    assert explanation.candidates == explanation.choices[-1].candidates


# The guard.


def verdicts(guard: str, *steps: tuple[int, str], urgent: bool = False) -> list[str]:
    rules = f"rule r {{ when x == 1 {'urgent' if urgent else ''} use a }} rule s {{ when x == 2 use b }}"
    opened = session(f"input x: number {rules} otherwise use c {guard}")
    wanted = {"a": 1, "b": 2, "c": 3}
    return [explained(opened, t, x=wanted[variant]).guard for t, variant in steps]


def test_the_guard_says_what_it_did() -> None:
    assert verdicts(
        "guard { cooldown 10 s at most 2 swaps per 1 min }", (0, "a"), (0, "a"), (0, "b"), (4 * S, "a")
    ) == [
        "the first variant is adopted, which is no swap",
        "no swap is wanted",
        "lets the swap pass",
        "suppresses the swap: cooldown, for another 6 s",
    ]
    full = verdicts("guard { at most 1 swap per 1 min }", (0, "a"), (0, "b"), (15 * S, "a"))
    assert full[-1] == "suppresses the swap: at most 1, for another 45 s"
    assert (
        verdicts("guard { at most 0 swaps per 1 min }", (0, "a"), (0, "b"))[-1]
        == "suppresses the swap: at most 0"
    )
    assert verdicts("", (0, "a"), (1, "b"))[-1] == "there is none: the swap passes"
    passed = verdicts("guard { cooldown 10 s }", (0, "c"), (0, "b"), (1, "a"), urgent=True)
    assert passed[-1] == "lets the swap pass: rule `r` is urgent"


def test_without_a_target_there_is_nothing_to_guard() -> None:
    opened = session("otherwise use a")
    decision = opened.step(state(0), variants={"a": OUT}, explain=True)
    assert decision.explanation is not None
    assert decision.explanation.guard == "nothing to guard: no choice yields a variant"


def test_the_guards_running_timers_are_shown_with_the_time_left() -> None:
    opened = session(
        "input x: number rule r { when x == 1 use a } otherwise use b guard { cooldown 10 s at most 2 swaps per 1 min at most 9 swaps per 1 h }"
    )
    for t, x in ((0, 1), (0, 2), (10, 1)):
        opened.step(state(t), {"x": x})
    assert explained(opened, 14 * S, x=2).guard_timers == (
        TimerState("cooldown", 4 * S, 6 * S),
        TimerState("at most 2", 14 * S, 46 * S),
    )


def bare(decision: Decision) -> tuple[Any, ...]:
    return (decision.target, decision.active, decision.swap, decision.rule, decision.reason)


@pytest.mark.parametrize("seed", range(25))
def test_explaining_changes_no_decision_and_no_memory(seed: int) -> None:
    random = Random(seed)
    policy = draw_policy(random)
    for rule in policy["rules"]:
        rule["until"] = None
    compiled = with_params(program(text_of(policy)), draw_durations(policy, random))
    family = plain(**{name: {"score": random.randint(1, 3)} for name in VARIANTS})
    silent, telling = Session(compiled, family), Session(compiled, family)
    t = 0
    for _ in range(40):
        t, inputs, missing = draw_step(random, t)
        marks = dict.fromkeys(missing, OUT)
        told = telling.step(state(t / S), inputs, marks, explain=True)
        assert bare(silent.step(state(t / S), inputs, marks)) == bare(told)
        assert silent.snapshot() == telling.snapshot()
        assert told.explanation is not None
        assert {rule.name: rule.phase for rule in told.explanation.rules} == telling.phases
        last = told.explanation.choices[-1]
        assert (last.rule, last.picked or told.active) == (told.rule, told.target)
        assert ("suppresses" in told.explanation.guard) is told.reason.startswith("SWAP_SUPPRESSED")
