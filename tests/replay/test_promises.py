"""Properties are judged on what the policy wants, where their condition has been true for long enough."""

import pytest

# The guard keeps `medium` active throughout: a promise is about the target.
RULE = "rule r { when charging use tiny } guard { at most 0 swaps per 1 h } "


def verdict(suite):
    (found,) = suite.verdicts
    return found.judged, [(it.run.test.name, it.step.seconds) for it in found.breaches]


@pytest.mark.parametrize(
    ("promise", "judged", "breaches"),
    [
        ("never use tiny when cpu > 50%", 3, [("t", 2.0)]),
        ("never use full, small when cpu > 50%", 3, []),
        ("always use tiny, medium when cpu > 50%", 3, []),
        ("always use tiny when cpu > 50%", 3, [("t", 1.0)]),
        ("always use medium when cpu > 50%", 3, [("t", 2.0)]),
        ("never use tiny when cpu > 50% for 2 s", 1, [("t", 3.0)]),
        ("never use tiny when cpu > 50% for 3 s", 0, []),
        ("never use tiny when battery < 20%", 0, []),
        ("never use tiny when not (battery < 20%)", 0, []),
    ],
)
def test_a_promise_is_judged_at_each_step_where_its_condition_has_held(
    play, promise, judged, breaches
) -> None:
    suite = play(
        RULE + f"property p {{ {promise} }} test t {{ at 0 s: charging = false at 1 s: cpu = 60% "
        "at 2 s: charging = true at 3 s: cpu = 70% at 4 s: cpu = 10% }"
    )
    assert verdict(suite) == (judged, breaches)


def test_a_condition_that_was_not_true_in_between_is_held_anew(play) -> None:
    suite = play(
        "property p { never use medium when cpu > 50% for 2 s } "
        "test t { at 0 s: cpu = 60% at 1 s: cpu = 10% at 2 s: cpu = 60% at 3 s: cpu = 60% }"
    )
    assert verdict(suite) == (0, [])


def test_lets_bands_inputs_and_params_have_the_values_of_the_step(play) -> None:
    suite = play(
        "input i: one of a, b ordered param limit = 20% let low = battery < limit band 10% let both = low and i >= b "
        "property p { never use medium when both } "
        "test t { at 0 s: battery = 15% at 1 s: i = b at 2 s: battery = 25% at 3 s: battery = 35% }"
    )
    assert suite.verdicts[0].judged == 2
    assert suite.verdicts[0].breaches[0].step.seconds == 1.0


@pytest.mark.parametrize(
    ("most", "window", "breaks_at"),
    [(2, "10 s", 5.0), (3, "10 s", None), (1, "2 s", 5.0), (0, "1 s", 2.0), (2, "2 s", None)],
)
def test_a_window_holds_no_more_commits_than_promised_and_the_adoption_is_none(
    play, most, window, breaks_at
) -> None:
    suite = play(
        f"rule r {{ when charging use tiny }} property p {{ at most {most} swaps per {window} }} "
        "test t { at 0 s: charging = false at 2 s: charging = true at 3 s: at 4 s: charging = false at 5 s: charging = true }"
    )
    broken = [it.step.seconds for it in suite.verdicts[0].breaches]
    assert broken == ([] if breaks_at is None else [breaks_at])
