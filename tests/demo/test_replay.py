from __future__ import annotations

import threading

import numpy as np
import pytest

from edgeadapt.demo.arrivals import Arrival
from edgeadapt.demo.digits import HeldOut
from edgeadapt.demo.play_clock import PlayClock
from edgeadapt.demo.replay import Replay

SCORES = np.eye(10, dtype=np.float32)
HELD_OUT = HeldOut(np.zeros((2, 8, 8), np.uint8), np.array([3, 4]))
OWN = {"v": {0: SCORES[[3]], 1: SCORES[[7]]}}
ARRIVALS = (Arrival(0.0, 0), Arrival(0.001, 1), Arrival(0.002, 0))


def played(answer, **options):
    return Replay(ARRIVALS, HELD_OUT, OWN, play_s=0.003).play(answer, PlayClock(), **options)


def test_each_answer_is_held_against_the_variants_own_and_the_label():
    given = iter([SCORES[[3]], SCORES[[7]], SCORES[[5]]])
    requests = played(lambda pixels: ("v", next(given)))
    assert [(request.same, request.right) for request in requests] == [
        (True, True),
        (True, False),
        (False, False),
    ]


def test_an_answer_in_the_last_bit_different_is_another_one():
    nearly = SCORES[[3]] + np.float32(1e-7)
    assert not played(lambda pixels: ("v", nearly))[0].same


def test_a_request_that_raises_is_recorded_and_the_next_one_served():
    calls = iter([None, ValueError("broken"), None])

    def answer(pixels):
        raised = next(calls)
        if raised is not None:
            raise raised
        return "v", SCORES[[3]]

    requests = played(answer)
    assert [request.error for request in requests] == ["", "ValueError: broken", ""]
    assert requests[1].answered_s is None


def test_a_slow_answer_delays_no_arrival_and_its_wait_counts():
    hold = threading.Event()

    def answer(pixels):
        hold.wait(0.05)  # nobody sets it: an inference that takes this long
        return "v", SCORES[[3]]

    requests = played(answer)
    assert [request.arrived_s for request in requests] == [0.0, 0.001, 0.002]
    assert requests[2].latency_s >= 0.14


def test_what_is_late_before_it_begins_can_be_skipped():
    hold = threading.Event()

    def answer(pixels):
        hold.wait(0.05)
        return "v", SCORES[[3]]

    requests = played(answer, skip_after_s=0.02)
    assert [request.answered_s is None for request in requests] == [False, True, True]
    assert requests[1].error == "it was not begun in time"


def test_an_interrupt_ends_the_replay():
    def answer(pixels):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        played(answer)
