"""A test of a policy is a trace as section 7 of the language says."""

import pytest


def actives(suite) -> list[str | None]:
    return [step.decision.active for step in suite.runs[0].steps]


def test_values_stay_from_step_to_step_until_they_are_unknown(play) -> None:
    suite = play(
        "rule r { when battery < 20% use tiny } "
        "test t { at 0 s: battery = 10% at 1 s: cpu = 5% at 2 s: battery = unknown at 3 s: }"
    )
    assert actives(suite) == ["tiny", "tiny", "medium", "medium"]


def test_all_that_is_optional_starts_unknown_and_the_rest_has_a_start(play) -> None:
    suite = play(
        "rule a { when battery is known or charging is known or network is known or temperature is known use full } "
        "rule b { when cpu == 0% and memory_available == 4 GB use tiny } test t { at 0 s: }"
    )
    assert actives(suite) == ["tiny"]


@pytest.mark.parametrize(
    ("kind", "condition", "value"),
    [
        ("bool", "i", "true"),
        ("time", "i > 4 s", "5 s"),
        ("number in 0 .. 9", "i == 5", "5"),
        ("one of a, b, c", "i == b", "b"),
        ("temperature", "i < 0 °C", "-5 °C"),
    ],
)
def test_an_input_is_kept_from_the_step_that_assigns_it_and_ages(play, kind, condition, value) -> None:
    suite = play(
        f"input i: {kind} stale after 10 s rule r {{ when {condition} use tiny }} "
        f"test t {{ at 0 s: at 5 s: i = {value} at 15 s: cpu = 1% at 16 s: at 17 s: i = {value} at 18 s: i = unknown }}"
    )
    assert actives(suite) == ["medium", "tiny", "tiny", "medium", "tiny", "medium"]


def test_words_and_temperatures_of_the_device_arrive_as_they_are_written(play) -> None:
    suite = play(
        "rule a { when network >= good use tiny } rule b { when temperature > 40 °C use full } "
        "test t { at 0 s: network = good at 1 s: network = fair, temperature = 113 °F at 2 s: temperature = 40 °C }"
    )
    assert actives(suite) == ["tiny", "full", "medium"]


def test_an_expectation_is_about_what_is_active_after_the_steps_commit(play) -> None:
    suite = play(
        "rule r { when charging use tiny } guard { cooldown 10 s } test t { at 0 s: charging = false expect medium "
        "at 1 s: charging = true expect tiny at 2 s: charging = false expect medium at 11 s: expect medium }"
    )
    assert [(step.seconds, step.decision.active) for step in suite.runs[0].failures] == [(2.0, "tiny")]
    assert suite.failed == (suite.runs[0],)


def test_every_step_is_explained_and_knows_what_was_active_before(play) -> None:
    suite = play("test t { at 0 s: at 1 s: cpu = 5% }")
    assert [step.before for step in suite.runs[0].steps] == [None, "medium"]
    assert all(step.decision.explanation is not None for step in suite.runs[0].steps)


def test_each_test_starts_anew(play) -> None:
    suite = play(
        "rule r { when charging until cpu > 50% use tiny } test a { at 0 s: charging = true } test b { at 0 s: }"
    )
    assert [run.steps[-1].decision.active for run in suite.runs] == ["tiny", "medium"]
