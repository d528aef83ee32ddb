from __future__ import annotations

from edgeadapt.demo.swaps import swaps
from edgeadapt.demo.watched import Step
from edgeadapt.observability import SwapStage
from edgeadapt.program.decision import Decision
from edgeadapt.state import DeviceState


def stage(at_s, code, variant, previous="small", error="", rule="busy"):
    return SwapStage(at_s, code, variant, previous, 2, 0.004, "checking" if error else "", error, rule)


def test_only_what_ended_is_a_swap():
    events = [
        stage(1, "SWAP_PENDING", "full"),
        stage(2, "SWAP_COMMITTED", "full"),
        stage(3, "SWAP_SUPERSEDED", "tiny"),
    ]
    made = swaps(events)
    assert [(swap.time_of_day_s, swap.variant, swap.rule, swap.failed) for swap in made] == [
        (2, "full", "busy", False)
    ]


def test_the_first_variants_load_is_no_swap():
    assert swaps([stage(1, "SWAP_COMMITTED", "small", previous=None)]) == ()


def test_repeated_failures_are_one_row():
    events = [stage(at, "SWAP_LOAD_FAILED", "full", error="broken") for at in (1, 2, 5)]
    (row,) = swaps(events)
    assert (row.failed, row.again, row.last_s, row.error) == (True, 2, 5, "broken")


def test_a_failure_after_the_variant_has_served_again_is_another_row():
    events = [
        stage(1, "SWAP_LOAD_FAILED", "full", error="broken"),
        stage(2, "SWAP_COMMITTED", "full"),
        stage(3, "SWAP_LOAD_FAILED", "full", error="broken"),
    ]
    assert [swap.failed for swap in swaps(events)] == [True, False, True]


def test_a_swap_without_a_rule_gets_the_one_that_last_wanted_it():
    state = DeviceState(None, None, None, 4000.0, 0.0, None, None, 0.0)
    steps = [
        Step(at, state, Decision(target, "small", True, rule, "SWAP_POLICY_RECOMMEND"), ())
        for at, target, rule in ((1, "full", "plugged_in"), (2, "small", "busy"), (9, "full", "later"))
    ]
    (swap,) = swaps([stage(3, "SWAP_COMMITTED", "full", rule="")], steps)
    assert swap.rule == "plugged_in"
