"""An explained decision in sentences an author would say."""

import attrs
import pytest

from edgeadapt.replay.sentences import sentences


def told(play, sections: str, steps: str) -> tuple[str, ...]:
    suite = play(f"{sections} test t {{ {steps} }}")
    return sentences(suite.runs[0].steps[-1].decision)


def test_each_rule_says_what_it_waits_for_and_the_guard_what_it_did(play) -> None:
    assert told(
        play,
        "rule hot { when temperature >= 75 °C use tiny } rule low { when battery < 20% and not charging for 10 s "
        "use small } guard { cooldown 30 s }",
        "at 0 s: battery = 10%, charging = false at 4 s:",
    ) == (
        "`otherwise` wins with medium: no rule that is active yields a variant",
        "rule `hot` is idle: `temperature >= 75 °C` is unknown (temperature is unknown)",
        "rule `low` waits for its `for`: 6 s left",
        "the guard: no swap is wanted",
    )


def test_the_winner_says_why_and_the_ones_below_that_it_is_above(play) -> None:
    assert told(
        play,
        "rule hot { when temperature >= 75 °C use tiny } rule low { when battery < 20% use small } "
        "rule busy { when cpu > 50% until cpu < 30% linger 5 s use small }",
        "at 0 s: cpu = 60% at 1 s: cpu = 20%, temperature = 80 °C, battery = 10%",
    ) == (
        "rule `hot` wins with tiny: it is active: `temperature >= 75 °C` is true (temperature is 80 °C)",
        "rule `low` is active: `battery < 20%` is true (battery is 10%); a rule above it wins",
        "rule `busy` ends after its `linger`: 5 s left; a rule above it wins",
        "the guard: there is none: the swap passes",
    )


def test_a_step_that_was_not_explained_cannot_be_told(play) -> None:
    decision = play("test t { at 0 s: }").runs[0].steps[0].decision
    with pytest.raises(ValueError, match="explain=True"):
        sentences(attrs.evolve(decision, explanation=None))
