"""Coverage counts what a rule can do and nothing else, and names what no test reaches."""

import pytest


def rule(suite, name: str = "r"):
    return next(it for it in suite.coverage.rules if it.rule == name)


def turns(suite, name: str = "r") -> dict[str, int]:
    return {point.what: point.steps for point in rule(suite, name).points if not point.is_condition}


@pytest.mark.parametrize(
    ("clauses", "guard", "possible"),
    [
        ("", "", {"entered", "left"}),
        ("for 2 s", "", {"entered", "left", "cancelled"}),
        ("hold 2 s", "", {"entered", "left", "hold"}),
        ("linger 2 s", "", {"entered", "left", "linger"}),
        ("hold 2 s linger 2 s", "", {"entered", "left", "linger"}),
        ("hold 3 s linger 2 s", "", {"entered", "left", "linger", "hold"}),
        ("cooldown 2 s", "", {"entered", "left", "cooldown"}),
        ("cooldown 2 s for 2 s", "", {"entered", "left", "cancelled"}),
        ("cooldown 3 s for 2 s", "", {"entered", "left", "cancelled", "cooldown"}),
        ("for zero", "", {"entered", "left"}),
        ("", "guard { cooldown 1 s }", {"entered", "left", "suppressed by the guard"}),
        ("", "guard { cooldown zero }", {"entered", "left"}),
        ("urgent", "guard { at most 1 swap per 1 s }", {"entered", "left"}),
    ],
)
def test_only_turns_that_a_rule_can_take_are_counted(play, clauses, guard, possible) -> None:
    suite = play(f"param zero = 0 s rule r {{ when charging {clauses} use tiny }} {guard}")
    assert set(turns(suite)) == possible


def test_a_step_reaches_each_turn_when_nothing_else_would_have_made_it(play) -> None:
    # A worked trace: `for` 2 s, `linger` 1 s, `hold` 5 s, `cooldown` 6 s.
    suite = play(
        "rule r { when cpu < 10% until cpu >= 20% for 2 s hold 5 s linger 1 s cooldown 6 s use tiny } "
        "test t { at 0 s: cpu = 9% at 1 s: cpu = 12% at 2 s: cpu = 9% at 4 s: cpu = 9% at 6 s: cpu = 25% "
        "at 7 s: cpu = 25% at 8 s: cpu = 15% at 9 s: cpu = 21% at 10 s: cpu = 21% "
        "at 11 s: cpu = 9% at 13 s: cpu = 9% at 15 s: cpu = 9% at 16 s: cpu = 9% }"
    )
    assert turns(suite) == {"entered": 2, "left": 1, "cancelled": 1, "hold": 1, "linger": 1, "cooldown": 2}
    assert rule(suite).missing == ()


def test_a_let_that_is_used_twice_is_counted_where_its_explanation_opens_it(play) -> None:
    suite = play(
        "let hot = temperature > 60 °C and cpu > 10% rule r { when hot or (hot and charging) use tiny } "
        "test t { at 0 s: temperature = 70 °C, cpu = 50%, charging = true at 1 s: charging = false }"
    )
    assert rule(suite).missing == (
        "`temperature > 60 °C` is never false",
        "`cpu > 10%` is never false",
        "`hot` is never false",
        "never left",
    )


@pytest.mark.parametrize("step", ["{0} and {0}", "not ({0} or {0})"])
@pytest.mark.parametrize("first", ["charging", "1 > 2"])
def test_lets_of_lets_take_no_longer_than_their_number(play, step, first) -> None:
    lets = "".join(f"let a{i} = {step.format(f'a{i - 1}')} " for i in range(1, 60))
    suite = play(
        f"let a0 = {first} {lets} rule r {{ when a59 use tiny }} test t {{ at 0 s: charging = true }}"
    )
    assert rule(suite).points


def test_a_chain_of_lets_may_be_longer_than_calls_can_nest(play) -> None:
    lets = "".join(f"let a{i} = a{i - 1} + a{i - 1} " for i in range(1, 1200))
    suite = play(f"let a0 = cpu {lets} rule r {{ when a1199 > 5% use tiny }} test t {{ at 0 s: cpu = 5% }}")
    assert rule(suite).points


def test_each_part_of_a_condition_has_to_be_seen_true_and_false(play) -> None:
    suite = play(
        "let hot = temperature > 60 °C rule r { when (battery < 20% and not charging) or hot until cpu > 50% use tiny } "
        "test t { at 0 s: battery = 10%, charging = true at 1 s: charging = false, battery = 30% }"
    )
    assert rule(suite).missing == (
        "`temperature > 60 °C` is never true",
        "`temperature > 60 °C` is never false",
        "`cpu > 50%` in `until` is never true",
        "never entered",
        "never left by `until`",
    )
    assert rule(suite).count(conditions=True) == (5, 8)


@pytest.mark.parametrize(
    ("condition", "points"),
    [
        ("charging and wanted", 2),
        ("cpu is known or charging", 2),
        ("battery is known", 2),
        ("true or charging", 2),
    ],
)
def test_what_can_not_change_is_not_counted(play, condition, points) -> None:
    suite = play(f"param wanted = true rule r {{ when {condition} use tiny }}")
    assert rule(suite).count(conditions=True) == (0, points)


def test_otherwise_decides_and_is_held_back_by_the_guard(play) -> None:
    suite = play(
        "rule r { when charging use tiny } guard { cooldown 10 s } "
        "test t { at 0 s: charging = false at 1 s: charging = true at 2 s: charging = false }"
    )
    assert turns(suite, "otherwise") == {"decides": 2, "suppressed by the guard": 1}
    assert turns(suite)["suppressed by the guard"] == 0


@pytest.mark.parametrize(
    ("otherwise", "turns_there_are"),
    [
        ("highest accuracy where latency <= 5 ms else lowest memory", {"decides"}),
        ("tiny where cpu > 50% else full", {"decides", "suppressed by the guard"}),
        ("lowest memory / memory_available", {"decides", "suppressed by the guard"}),
    ],
)
def test_the_guard_holds_back_no_choice_that_never_changes(play, otherwise, turns_there_are) -> None:
    suite = play("guard { cooldown 10 s }", otherwise)
    assert set(turns(suite, "otherwise")) == turns_there_are


def test_without_tests_nothing_is_covered(play) -> None:
    suite = play("rule r { when charging use tiny }")
    assert (suite.coverage.covered, suite.coverage.total, suite.coverage.percent) == (0, 5, 0.0)
