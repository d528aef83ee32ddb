from __future__ import annotations

import pytest

from edgeadapt.demo.accounting import Request, is_useful, total

DEADLINE_S = 0.02
GOOD = Request(0, 1.0, 1.01, "small", same=True, right=True, cpu_s=0.001)
LATE = Request(1, 2.0, 2.03, "small", same=True, right=True, cpu_s=0.002)
WRONG = Request(2, 3.0, 3.01, "tiny", same=True, right=False, cpu_s=0.003)
OTHERS = Request(3, 4.0, 4.01, "tiny", same=False, right=True, cpu_s=0.004)
RAISED = Request(4, 5.0, cpu_s=0.005, error="RuntimeError: no")
RECORD = (GOOD, LATE, WRONG, OTHERS, RAISED)


def test_a_made_up_record_is_summed_up():
    sums = total("policy", RECORD, DEADLINE_S, [True, False, True, False, False])
    assert (sums.requests, sums.dropped, sums.late, sums.differing) == (5, 1, 1, 1)
    assert sums.accuracy == pytest.approx(3 / 4)
    assert sums.effective_accuracy == pytest.approx(2 / 5)
    assert sums.cpu_s == pytest.approx(0.015)
    assert sums.strained_cpu_s == pytest.approx(0.004)


def test_a_useful_answer_is_right_and_in_time():
    assert [is_useful(request, DEADLINE_S) for request in RECORD] == [True, False, False, True, False]


def test_latency_counts_from_the_intended_arrival():
    assert LATE.latency_s == pytest.approx(0.03)
    assert RAISED.latency_s is None


def test_an_answer_at_the_deadline_is_in_time():
    assert is_useful(Request(0, 1.0, 1.0 + 0.015625, right=True), 0.015625)
