"""Why not: what stood in the way, and the smallest change that was seen to let a rule or a variant win."""

import math
import re

import pytest

from edgeadapt.language import compile_text
from edgeadapt.program.status import VariantStatus
from edgeadapt.registry.family import ModelFamily
from edgeadapt.replay import why_not as module
from edgeadapt.replay.trial_steps import Moment
from edgeadapt.replay.why_not import WhyNot, why_not
from edgeadapt.runtime import Session
from edgeadapt.shipped import shipped
from edgeadapt.state import SIGNALS, DeviceState

DIGITS = ModelFamily.from_yaml(shipped("families/digits.yaml"))


def state(seconds: float, **values) -> DeviceState:
    attributes = dict.fromkeys(signal.attribute for signal in SIGNALS.values())
    attributes |= {"cpu_utilization_pct": 0.0, "available_ram_mb": 4000.0}
    attributes |= {SIGNALS[name].attribute: value for name, value in values.items()}
    return DeviceState(timestamp=seconds, **attributes)


def ask(sections: str, *steps: DeviceState, inputs=None, variants=None, **goal) -> WhyNot:
    """Make all steps but the last, and ask about the last."""
    program = compile_text(f"edition 1 policy p {{ {sections} otherwise use medium }}")
    session = Session(program, DIGITS)
    for step in steps[:-1]:
        session.step(step, inputs, variants)
    moment = Moment(program, DIGITS, steps[-1], inputs or {}, variants or {})
    if len(steps) > 1:
        elapsed = steps[-1].timestamp - steps[-2].timestamp
        moment = Moment(program, DIGITS, steps[-1], inputs or {}, variants or {}, session.snapshot(), elapsed)
    return why_not(moment, **goal)


def texts(answer: WhyNot) -> list[str]:
    return [alternative.text for alternative in answer.alternatives]


def test_a_threshold_is_met_exactly() -> None:
    answer = ask("rule hot { when temperature >= 75 °C use tiny }", state(0, temperature=73.6), rule="hot")
    assert texts(answer) == ["temperature 1.4 K higher, at 75 °C"]
    assert answer.alternatives[0].changes[0].after == 75.0
    assert answer.obstacles == (
        "rule `hot` is idle: `temperature >= 75 °C` is false (temperature is 73.6 °C)",
    )


def test_beyond_a_strict_threshold_is_the_next_double() -> None:
    answer = ask("rule low { when battery < 20% use tiny }", state(0, battery=25.0), rule="low")
    assert texts(answer) == ["battery 5 points lower, just below 20%"]
    assert answer.alternatives[0].changes[0].after == math.nextafter(20.0, 0.0)


def test_params_lets_and_arithmetic_are_seen_through() -> None:
    sections = (
        "param floor = 20% let spare = battery - floor let low = spare <= 5% rule r { when low use tiny }"
    )
    answer = ask(sections, state(0, battery=40.0), rule="r")
    assert [alternative.changes[0].after for alternative in answer.alternatives] == [25.0]


def test_a_range_is_entered_from_the_near_side() -> None:
    sections = "rule r { when cpu in 30% .. 40% use tiny }"
    assert texts(ask(sections, state(0, cpu=10.0), rule="r")) == ["cpu 20 points higher, at 30%"]
    assert texts(ask(sections, state(0, cpu=90.0), rule="r")) == ["cpu 50 points lower, at 40%"]


def test_a_held_band_is_left_at_its_far_edge() -> None:
    sections = "rule tight { when memory_available < 512 MB band 128 MB use tiny } "
    steps = (state(0, memory_available=500.0), state(1, memory_available=600.0))
    assert texts(ask(sections, *steps, rule="otherwise")) == ["memory_available 40 MB higher, at 640 MB"]
    fresh = ask(sections, steps[1], rule="tight")
    assert texts(fresh) == ["memory_available 88 MB lower, just below 512 MB"]


def test_a_running_for_is_waited_out() -> None:
    steps = (state(0, battery=10.0), state(4, battery=10.0))
    answer = ask("rule low { when battery < 20% for 10 s use tiny }", *steps, rule="low")
    assert texts(answer) == ["6 s later"]
    assert answer.obstacles == ("rule `low` waits for its `for`: 6 s left",)


def test_a_value_and_a_wait_go_together_where_neither_does_alone() -> None:
    answer = ask(
        "rule hot { when temperature >= 75 °C for 10 s use tiny }", state(0, temperature=70.0), rule="hot"
    )
    assert texts(answer) == ["temperature 5 K higher, at 75 °C, and 10 s later"]


def test_two_values_go_together_where_neither_does_alone() -> None:
    answer = ask(
        "rule low { when battery < 20% and not charging use tiny }",
        state(0, battery=25.0, charging=True),
        rule="low",
    )
    assert texts(answer) == ["battery 5 points lower, just below 20%, and charging false instead of true"]


def test_two_values_and_a_wait_go_together_where_no_two_do() -> None:
    answer = ask(
        "rule low { when battery < 20% and not charging for 10 s use tiny }",
        state(0, battery=25.0, charging=True),
        rule="low",
    )
    assert texts(answer) == [
        "battery 5 points lower, just below 20%, and charging false instead of true, and 10 s later"
    ]


def test_a_number_far_from_zero_is_brought_to_the_nearest_of_tiny_ones() -> None:
    sections = "rule r { when 1 MB * (100 MB / memory_available) is unknown use tiny }"
    (alternative,) = ask(sections, state(0, memory_available=256.0), rule="r").alternatives
    (change,) = alternative.changes
    assert not math.isfinite(100.0 / change.after if change.after else math.inf)
    assert math.isfinite(100.0 / math.nextafter(change.after, 1.0))


def test_a_cooldown_is_waited_out() -> None:
    sections = "rule hot { when temperature >= 75 °C cooldown 30 s use tiny }"
    temperatures = ((0, 80.0), (1, 60.0), (11, 80.0))
    answer = ask(sections, *(state(t, temperature=value) for t, value in temperatures), rule="hot")
    assert texts(answer) == ["20 s later"]


def test_until_keeps_a_rule_that_lingers_and_holds() -> None:
    sections = "rule low { when battery < 20% until battery >= 30% hold 1 min linger 5 s use tiny }"
    steps = (state(0, battery=10.0), state(10, battery=40.0))
    assert texts(ask(sections, *steps, rule="otherwise")) == ["50 s later"]
    steps = (state(0, battery=10.0), state(70, battery=25.0))
    assert texts(ask(sections, *steps, rule="otherwise")) == [
        "battery 5 points higher, at 30%, and 5 s later"
    ]


def test_a_rule_above_has_to_give_way() -> None:
    sections = "rule hot { when temperature >= 75 °C use tiny } rule low { when battery < 20% use full }"
    answer = ask(sections, state(0, temperature=80.0, battery=10.0), rule="low")
    assert answer.obstacles == ("rule `hot`, above it, wins",)
    assert texts(answer) == [
        "temperature 5 K lower, just below 75 °C",
        "temperature unknown instead of 80 °C",
    ]


def test_what_is_unknown_has_to_become_known() -> None:
    sections = "input light: number in 0 .. 1000 rule dark { when light < 10 use tiny }"
    answer = ask(sections, state(0), rule="dark")
    assert texts(answer) == ["light just below 10 instead of unknown"]
    assert answer.obstacles == ("rule `dark` is idle: `light < 10` is unknown (light is unknown)",)


def test_words_go_to_the_nearest_that_wins() -> None:
    answer = ask("rule r { when network <= poor use tiny }", state(0, network="excellent"), rule="r")
    assert texts(answer) == ["network poor instead of excellent"]


def test_a_suppressed_swap_counts_as_won_and_is_told_apart() -> None:
    sections = "rule hot { when temperature >= 75 °C use tiny } guard { cooldown 30 s }"
    steps = (state(0, temperature=80.0), state(5, temperature=70.0), state(10, temperature=70.0))
    answer = ask(sections, *steps, rule="hot")
    (alternative,) = answer.alternatives
    assert alternative.decision.rule == "hot"
    assert alternative.suppressed == "suppresses the swap: cooldown, for another 25 s"
    assert alternative.text.endswith(
        "at 75 °C (the guard then suppresses the swap: cooldown, for another 25 s)"
    )


def test_a_where_is_met_by_the_signal_that_it_reads() -> None:
    sections = "rule r { when charging use full where memory <= 1% * memory_available }"
    answer = ask(sections, state(0, charging=True, memory_available=10.0), variant="full")
    full = next(variant.attribute("memory") for variant in DIGITS.variants if variant.name == "full")
    (alternative,) = answer.alternatives
    (change,) = alternative.changes
    assert change.name == "memory_available"
    assert change.after / 100 >= full > math.nextafter(change.after, 0.0) / 100
    assert answer.obstacles[0].startswith("in `use full where")


def test_where_two_scores_cross_is_found_to_the_double() -> None:
    # By accuracy `medium_int8` is first, by latency `tiny`; between the two `small` is, from about 0.04 to 122.
    sections = (
        "input weight: number in 0 .. 1000 "
        "rule r { when cpu is known use highest accuracy - weight * latency / 1 ms }"
    )
    assert ask(sections, state(0), inputs={"weight": 1000.0}, variant="tiny").wins
    answer = ask(sections, state(0), inputs={"weight": 0.0}, variant="small")
    (alternative,) = answer.alternatives
    (change,) = alternative.changes
    for weight, wins in ((change.after, True), (math.nextafter(change.after, 0.0), False)):
        assert ask(sections, state(0), inputs={"weight": weight}, variant="small").wins is wins


def test_an_unavailable_variant_has_no_remedy() -> None:
    variants = {"tiny": VariantStatus(available=False, reason="quarantined")}
    answer = ask(
        "rule hot { when temperature >= 75 °C use tiny }",
        state(0, temperature=80.0),
        variants=variants,
        variant="tiny",
    )
    assert answer.alternatives == ()
    assert answer.is_complete
    assert answer.obstacles[0] == "`tiny` is not available: quarantined"


def test_a_variant_that_no_use_speaks_of_is_said_to_be_so() -> None:
    answer = ask("rule hot { when temperature >= 75 °C use tiny }", state(0), variant="full")
    assert answer.obstacles == ("no `use` of the policy speaks of `full`",)
    assert answer.verdict == "no change of up to two values and the time was found that lets `full` win"


def test_a_winner_is_said_to_win() -> None:
    answer = ask("", state(0), variant="medium")
    assert answer.wins
    assert answer.verdict == "`medium` does win"


def test_a_search_that_ends_at_its_bound_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_STEPS", 5)
    sections = "rule r { when battery < 20% and cpu > 50% and gpu > 50% and temperature > 50 °C use tiny }"
    answer = ask(sections, state(0, battery=50.0, gpu=0.0, temperature=20.0), rule="r")
    assert not answer.is_complete
    assert answer.verdict == "no change that lets rule `r` win was found within 5 trial steps"


def test_single_changes_come_before_pairs_and_smaller_ones_first() -> None:
    sections = "rule r { when battery < 20% or temperature >= 75 °C use tiny }"
    answer = ask(sections, state(0, battery=21.0, temperature=20.0), rule="r")
    assert texts(answer) == [
        "battery 1 point lower, just below 20%",
        "temperature 55 K higher, at 75 °C",
    ]


def test_the_session_that_is_asked_about_is_left_as_it_was() -> None:
    program = compile_text("edition 1 policy p { rule r { when cpu > 5% use tiny } otherwise use medium }")
    session = Session(program, DIGITS)
    session.step(state(0))
    before = session.snapshot()
    why_not(Moment(program, DIGITS, state(1), snapshot=before, elapsed_s=1.0), rule="r")
    assert session.snapshot() == before


@pytest.mark.parametrize(
    ("goal", "message"),
    [
        ({}, "give either a rule or a variant"),
        ({"rule": "hut"}, "policy `p` has no rule `hut`; did you mean `hot`?"),
        ({"variant": "tinny"}, "family `digits` has no variant `tinny`; did you mean `tiny`?"),
    ],
)
def test_a_wrong_question_is_refused(goal, message) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        ask("rule hot { when temperature >= 75 °C use tiny }", state(0), **goal)


def test_another_policys_memory_is_refused() -> None:
    one = compile_text("edition 1 policy p { rule r { when cpu > 5% use tiny } otherwise use medium }")
    two = compile_text("edition 1 policy p { rule r { when cpu > 6% use tiny } otherwise use medium }")
    snapshot = Session(one, DIGITS).snapshot()
    with pytest.raises(ValueError, match="another policy"):
        why_not(Moment(two, DIGITS, state(0), snapshot=snapshot), rule="r")
