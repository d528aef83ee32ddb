from __future__ import annotations

from typing import Any

import pytest

from edgeadapt.language import compile_text
from edgeadapt.runtime.property_watch import PropertyWatch, Violation
from edgeadapt.state import DeviceState

POLICY = """
edition 1
policy p {
  input busy: bool
  otherwise use a
  property spare { never use a when battery < 20% and busy for 10 s }
  property keep { always use a when battery >= 90% }
  property calm { at most 1 swap per 1 min }
}
"""


def state(battery: float | None, at_s: float) -> DeviceState:
    return DeviceState(battery, False, 40.0, 1000.0, 10.0, None, None, at_s)


@pytest.fixture
def watch() -> Any:
    made = PropertyWatch(compile_text(POLICY, "p.eap"))
    made.committed("a", 0.0)

    def stepped(battery: float | None, at_s: float, target: str | None, busy: bool = True) -> tuple[str, ...]:
        return tuple(it.property for it in made.stepped(state(battery, at_s), {"busy": busy}, (), target))

    return made, stepped


def test_a_condition_that_holds_for_long_enough_forbids_and_it_is_told_once_while_it_lasts(
    watch: Any,
) -> None:
    _, stepped = watch
    assert stepped(10, 0, "a") == ()
    assert stepped(10, 9.9, "a") == ()
    assert stepped(10, 10, "a") == ("spare",)
    assert stepped(10, 20, "a") == ()
    assert stepped(10, 30, "b") == ()
    assert stepped(10, 40, "a") == ("spare",)


def test_what_is_unknown_or_over_begins_the_wait_anew(watch: Any) -> None:
    _, stepped = watch
    stepped(10, 0, "a")
    stepped(None, 5, "a")
    assert stepped(10, 10, "a") == ()
    assert stepped(10, 19, "a", busy=False) == ()
    assert stepped(10, 20, "a") == ()
    assert stepped(10, 30, "a") == ("spare",)


def test_what_must_be_used_is_missed_also_where_nothing_is_wanted(watch: Any) -> None:
    made, stepped = watch
    assert stepped(95, 0, "a") == ()
    assert stepped(95, 1, "b") == ("keep",)
    stepped(50, 2, "b")
    assert made.stepped(state(95, 3), {"busy": False}, (), None) == (
        Violation("keep", "the policy wants no variant"),
    )


def test_swaps_are_counted_in_the_window_that_ends_now_and_the_adoption_is_none(watch: Any) -> None:
    made, stepped = watch
    made.committed("b", 1.0)
    made.committed("b", 2.0)
    assert stepped(50, 2, "b") == ()
    made.committed("a", 30.0)
    assert made.stepped(state(50, 30), {"busy": False}, (), "a") == (
        Violation("calm", "there were 2 swaps within the window"),
    )
    assert stepped(50, 60, "a") == ()
    # At 61 s the first one is out of the window, so the next excess is a new one.
    assert stepped(50, 61, "a") == ()
    made.committed("b", 62.0)
    assert stepped(50, 62, "b") == ("calm",)


def test_a_clock_that_goes_back_stands_still(watch: Any) -> None:
    _, stepped = watch
    stepped(10, 100, "a")
    assert stepped(10, 50, "a") == ()
    assert stepped(10, 110, "a") == ("spare",)
