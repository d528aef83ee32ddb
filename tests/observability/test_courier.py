from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import pytest

from edgeadapt.observability import Event, Failure, Sink
from edgeadapt.observability.courier import Courier

PATIENCE_S = 20.0


class Heard(Sink):
    """Keeps what it takes; waits for `gate` first, and raises where it is told to."""

    def __init__(self, gate: threading.Event | None = None) -> None:
        self.events: list[Event] = []
        self.threads: set[int] = set()
        self.closed = threading.Event()
        self.taking = threading.Event()
        self.error: Exception | None = None
        self._gate = gate

    def take(self, event: Event) -> None:
        self.taking.set()
        if self._gate is not None:
            self._gate.wait(PATIENCE_S)
        if self.error is not None:
            raise self.error
        self.threads.add(threading.get_ident())
        self.events.append(event)

    def close(self) -> None:
        self.closed.set()


def event(number: int = 0) -> Failure:
    return Failure(float(number), "profiler", "no")


def counting() -> tuple[dict[str, int], Callable[[str], object]]:
    counted: dict[str, int] = {}
    return counted, lambda name: counted.update({name: counted.get(name, 0) + 1})


def test_events_are_taken_in_order_on_one_thread_that_is_not_the_callers() -> None:
    heard, (counted, count) = Heard(), counting()
    courier = Courier(heard, count)
    for number in range(100):
        courier.bring(event(number))
    assert courier.flush(PATIENCE_S)
    assert heard.events == [event(number) for number in range(100)]
    assert len(heard.threads) == 1
    assert threading.get_ident() not in heard.threads
    assert counted == {}
    assert courier.close(PATIENCE_S)
    assert heard.closed.is_set()


def test_a_sink_that_raises_is_counted_told_once_and_given_the_next_event(
    caplog: pytest.LogCaptureFixture,
) -> None:
    heard, (counted, count) = Heard(), counting()
    heard.error = OSError("the disk is full")
    courier = Courier(heard, count)
    with caplog.at_level(logging.WARNING, "edgeadapt.observability"):
        courier.bring(event(1))
        courier.bring(event(2))
        assert courier.flush(PATIENCE_S)
    assert counted == {"sink_errors": 2}
    assert caplog.messages == ["sink Heard failed: the disk is full"]
    heard.error = None
    courier.bring(event(3))
    assert courier.close(PATIENCE_S)
    assert heard.events == [event(3)]


def test_a_sink_that_hangs_holds_nobody_up_and_what_is_too_much_for_it_is_dropped_and_counted() -> None:
    gate = threading.Event()
    heard, (counted, count) = Heard(gate), counting()
    courier = Courier(heard, count, backlog=3)
    courier.bring(event(0))
    assert heard.taking.wait(PATIENCE_S)
    for number in range(1, 6):
        courier.bring(event(number))
    assert counted == {"sink_events_dropped": 2}
    assert not courier.flush(0.0)
    assert not courier.close(0.0)
    gate.set()
    assert courier.close(PATIENCE_S)
    assert heard.events == [event(number) for number in range(4)]


def test_after_its_end_a_sink_takes_nothing_and_is_not_closed_twice() -> None:
    heard, (_, count) = Heard(), counting()
    courier = Courier(heard, count)
    assert courier.close(PATIENCE_S)
    assert heard.closed.is_set()
    heard.closed.clear()
    courier.bring(event())
    assert courier.flush(PATIENCE_S)
    assert courier.close(PATIENCE_S)
    assert not heard.closed.is_set()
    assert heard.events == []


def test_a_wish_that_raises_is_counted_as_well() -> None:
    class Picky(Heard):
        def wants(self, event: Event) -> bool:
            raise RuntimeError("no idea")

    heard, (counted, count) = Picky(), counting()
    courier = Courier(heard, count)
    courier.bring(event())
    assert counted == {"sink_errors": 1}
    assert courier.close(PATIENCE_S)


def test_a_sink_may_flush_on_its_own_thread_without_waiting_for_itself() -> None:
    answers: list[bool] = []

    class Flushing(Heard):
        def take(self, event: Event) -> None:
            answers.append(courier.flush(PATIENCE_S))

    heard, (_, count) = Flushing(), counting()
    courier = Courier(heard, count)
    courier.bring(event())
    assert courier.close(PATIENCE_S)
    assert answers == [True]
