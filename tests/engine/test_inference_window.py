from __future__ import annotations

import threading

from edgeadapt._core import CallTimes
from edgeadapt.engine.inference_window import MINIMUM_CALLS, InferenceWindow


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_both_signals_are_unknown_until_twenty_calls_were_served() -> None:
    clock, times = Clock(), CallTimes()
    window = InferenceWindow(times, clock)
    for _ in range(MINIMUM_CALLS - 1):
        times.add(0.002)
    clock.now_s += 1
    observed = window.observe()
    assert (observed.calls, observed.latency_ms, observed.rate_hz) == (19, None, None)
    times.add(0.002)
    observed = window.observe()
    assert (observed.calls, observed.latency_ms) == (20, 2.0)


def test_the_latency_is_the_95th_percentile_by_rank() -> None:
    times = CallTimes()
    window = InferenceWindow(times, Clock())
    for milliseconds in range(1, 101):
        times.add(milliseconds / 1e3)
    assert window.observe().latency_ms == 95.0


def test_only_the_latest_calls_count_for_the_latency() -> None:
    times = CallTimes()
    window = InferenceWindow(times, Clock())
    for _ in range(1024):
        times.add(1.0)
    for _ in range(1024):
        times.add(0.001)
    assert window.observe().latency_ms == 1.0


def test_the_rate_is_that_of_the_last_ten_seconds() -> None:
    clock, times = Clock(), CallTimes()
    window = InferenceWindow(times, clock)
    for _ in range(30):
        for _ in range(50):
            times.add(0.001)
        clock.now_s += 1
        window.observe()
    assert window.observe().rate_hz == 50.0
    for _ in range(10):
        clock.now_s += 1
        observed = window.observe()
    assert observed.rate_hz == 0.0


def test_observing_an_idle_window_for_long_keeps_its_latency() -> None:
    times = CallTimes()
    window = InferenceWindow(times, Clock())
    for _ in range(100):
        times.add(0.005)
    for _ in range(3000):
        observed = window.observe()
    assert (observed.calls, observed.latency_ms) == (100, 5.0)


def test_calls_of_many_threads_are_all_counted() -> None:
    times = CallTimes()
    window = InferenceWindow(times)
    together = threading.Barrier(4)

    def serve() -> None:
        together.wait(10)
        for _ in range(5000):
            times.add(0.001)

    threads = [threading.Thread(target=serve) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert window.observe().calls == 20_000


def test_the_rate_counts_from_where_the_window_began() -> None:
    clock, times = Clock(), CallTimes()
    for _ in range(100):
        times.add(0.001)
    window = InferenceWindow(times, clock)
    for _ in range(30):
        times.add(0.001)
    clock.now_s += 1
    observed = window.observe()
    assert (observed.calls, observed.rate_hz) == (130, 30.0)


def test_a_window_on_nothing_observes_nothing() -> None:
    observed = InferenceWindow().observe()
    assert (observed.calls, observed.latency_ms, observed.rate_hz) == (0, None, None)
