from __future__ import annotations

import threading

from edgeadapt.engine.inference_window import MINIMUM_CALLS, InferenceWindow


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_both_signals_are_unknown_until_twenty_calls_were_served() -> None:
    clock = Clock()
    window = InferenceWindow(clock)
    for _ in range(MINIMUM_CALLS - 1):
        window.add(0.002)
    clock.now_s += 1
    observed = window.observe()
    assert (observed.calls, observed.latency_ms, observed.rate_hz) == (19, None, None)
    window.add(0.002)
    observed = window.observe()
    assert (observed.calls, observed.latency_ms) == (20, 2.0)


def test_the_latency_is_the_95th_percentile_by_rank() -> None:
    window = InferenceWindow(Clock())
    for milliseconds in range(1, 101):
        window.add(milliseconds / 1e3)
    assert window.observe().latency_ms == 95.0


def test_only_the_latest_calls_count_for_the_latency() -> None:
    window = InferenceWindow(Clock())
    for _ in range(1024):
        window.add(1.0)
    for _ in range(1024):
        window.add(0.001)
    assert window.observe().latency_ms == 1.0


def test_the_rate_is_that_of_the_last_ten_seconds() -> None:
    clock = Clock()
    window = InferenceWindow(clock)
    for _ in range(30):
        for _ in range(50):
            window.add(0.001)
        clock.now_s += 1
        window.observe()
    assert window.observe().rate_hz == 50.0
    for _ in range(10):
        clock.now_s += 1
        observed = window.observe()
    assert observed.rate_hz == 0.0


def test_observing_an_idle_window_for_long_keeps_its_latency() -> None:
    window = InferenceWindow(Clock())
    for _ in range(100):
        window.add(0.005)
    for _ in range(3000):
        observed = window.observe()
    assert (observed.calls, observed.latency_ms) == (100, 5.0)


def test_calls_of_many_threads_are_all_counted() -> None:
    window = InferenceWindow()
    together = threading.Barrier(4)

    def serve() -> None:
        together.wait(10)
        for _ in range(5000):
            window.add(0.001)

    threads = [threading.Thread(target=serve) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert window.observe().calls == 20_000
