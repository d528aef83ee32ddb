"""Times, reasons and outcomes in words."""

import pytest

from edgeadapt.cli.output.words import ENGINES_GUARD, digits, moment, outcome, span, timer
from edgeadapt.policy import StabilityGuard
from edgeadapt.program.decision import Decision, TimerState
from edgeadapt.runtime.guard import GuardLimits


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.00012345, "0.000123"),
        (26.44, "26.4"),
        (999.6, "1000"),
        (2123.4, "2120"),
        (51e6, "51000000"),
    ],
)
def test_a_measured_number_has_three_digits_and_no_exponent(value: float, text: str) -> None:
    assert digits(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0 s"),
        (12.5, "12.5 s"),
        (59.9994, "59.999 s"),
        (60, "1 min"),
        (3661, "1 h 1 min 1 s"),
        (57600, "16 h"),
    ],
)
def test_a_span_is_written_in_the_units_a_person_would_use(seconds, text) -> None:
    assert span(seconds) == text


def test_a_moment_stays_in_seconds_so_that_it_can_be_given_back() -> None:
    assert [moment(t) for t in (0, 80.0, 1234567.8901, -3)] == ["0 s", "80 s", "1234567.89 s", "-3 s"]


def test_a_timer_says_what_is_left_of_it() -> None:
    assert timer(TimerState("for", 4_000_000_000, 6_000_000_000)) == "`for` has 6 s of 10 s left"
    assert timer(TimerState("linger", 5_000_000_000, 0)) == "`linger` is over"
    assert timer(TimerState("at most 4", 0, 60_000_000_000)) == "at most 4 has 60 s of 60 s left"


@pytest.mark.parametrize(
    ("target", "active", "reason", "text"),
    [
        ("a", "a", "ADOPTED", "adopts a"),
        ("a", "a", "UNCHANGED", "a stays"),
        ("b", "b", "SWAP_POLICY_RECOMMEND", "swaps from a to b"),
        ("b", "a", "SWAP_SUPPRESSED_COOLDOWN", "a stays: b is wanted, but waits for the guard's `cooldown`"),
        ("b", "a", "SWAP_SUPPRESSED_RATE", "a stays: b is wanted, but waits for the guard's `at most`"),
        ("a", "a", "NO_CANDIDATE", "a stays: no variant can be chosen"),
        (None, None, "NO_CANDIDATE", "no variant can be chosen"),
    ],
)
def test_every_reason_has_its_words(target, active, reason, text) -> None:
    swaps = reason == "SWAP_POLICY_RECOMMEND"
    assert outcome(Decision(target, active, swaps, "r", reason), "a") == text


def test_the_engines_guard_is_what_is_said_of_it() -> None:
    assert ENGINES_GUARD == "cooldown 5 s, at most 6 swaps per 1 min"
    guard = StabilityGuard(lambda state, family: "a")
    assert guard.limits == GuardLimits(5_000_000_000, ((6, 60_000_000_000),))
