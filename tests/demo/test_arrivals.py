from __future__ import annotations

from collections import Counter

import pytest

from edgeadapt.demo.arrivals import poisson_arrivals


def test_the_same_seed_gives_the_same_arrivals():
    assert poisson_arrivals(200, 2.0, 50, seed=3) == poisson_arrivals(200, 2.0, 50, seed=3)


def test_another_seed_gives_others():
    assert poisson_arrivals(200, 2.0, 50, seed=3) != poisson_arrivals(200, 2.0, 50, seed=4)


def test_arrivals_are_in_order_and_within_the_time():
    times = [arrival.at_s for arrival in poisson_arrivals(200, 2.0, 50, seed=1)]
    assert times == sorted(times)
    assert 0 < times[0] <= times[-1] < 2.0


def test_the_rate_and_its_scatter_are_those_of_a_poisson_process():
    times = [arrival.at_s for arrival in poisson_arrivals(200, 100.0, 50, seed=1)]
    assert len(times) == pytest.approx(20_000, rel=0.03)
    counts = [count for _, count in sorted(Counter(int(time) for time in times).items())]
    mean = sum(counts) / len(counts)
    variance = sum((count - mean) ** 2 for count in counts) / (len(counts) - 1)
    assert variance / mean == pytest.approx(1.0, abs=0.4)


def test_every_image_is_asked_for_equally_often():
    seen = Counter(arrival.image for arrival in poisson_arrivals(200, 10.0, 40, seed=1))
    assert set(seen) == set(range(40))
    assert max(seen.values()) - min(seen.values()) <= 1


def test_there_is_at_least_one_arrival():
    assert len(poisson_arrivals(0.001, 0.1, 5, seed=1)) == 1
