from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from edgeadapt.engine.control_thread import ControlThread

PATIENCE_S = 20.0
NEVER_S = 3600.0


@contextmanager
def running(
    poll: Callable[[], object],
    interval_s: float = NEVER_S,
    on_error: Callable[[BaseException], object] = lambda error: None,
    on_missed: Callable[[int], object] = lambda missed: None,
) -> Iterator[ControlThread]:
    control = ControlThread(poll, interval_s, name="control", on_missed=on_missed, on_error=on_error)
    control.start()
    try:
        yield control
    finally:
        control.stop()
        assert control.join(PATIENCE_S)


def test_it_polls_again_and_again() -> None:
    polls = threading.Semaphore(0)
    with running(polls.release, 0.001):
        for _ in range(5):
            assert polls.acquire(timeout=PATIENCE_S)


def test_posted_work_is_done_in_its_order_on_the_thread_itself() -> None:
    done: list[tuple[int, bool]] = []
    with running(lambda: None) as control:
        for number in range(10):
            control.post(lambda number=number: done.append((number, control.is_current)))
        assert control.call(lambda: None, PATIENCE_S)
    assert done == [(number, True) for number in range(10)]


def test_what_raises_is_told_and_the_thread_goes_on() -> None:
    errors: list[BaseException] = []

    def leave() -> None:
        raise SystemExit(3)

    with running(lambda: None, on_error=errors.append) as control:
        control.post(leave)
        control.post(lambda: 1 / 0)
        assert control.call(lambda: None, PATIENCE_S)
    assert [type(error) for error in errors] == [SystemExit, ZeroDivisionError]


def test_polls_that_the_schedule_had_to_leave_out_are_told() -> None:
    missed = threading.Semaphore(0)
    slow = threading.Event()

    def poll() -> None:
        slow.wait(0.05)

    with running(poll, 0.001, on_missed=lambda count: missed.release(count)):
        assert missed.acquire(timeout=PATIENCE_S)
        slow.set()


def test_a_stop_does_not_wait_for_the_next_poll() -> None:
    with running(lambda: None, NEVER_S) as control:
        pass
    assert control.join(0)


def test_a_call_on_the_thread_itself_is_refused() -> None:
    errors: list[BaseException] = []
    with running(lambda: None, on_error=errors.append) as control:
        control.post(lambda: control.call(lambda: None, PATIENCE_S))
        assert control.call(lambda: None, PATIENCE_S)
    assert isinstance(errors[0], RuntimeError)


def test_a_call_that_is_not_reached_in_time_says_so() -> None:
    hold = threading.Event()
    with running(lambda: None) as control:
        control.post(lambda: hold.wait(PATIENCE_S))
        assert not control.call(lambda: None, 0.01)
        hold.set()


def test_a_join_on_the_thread_itself_does_not_wait() -> None:
    joined: list[bool] = []
    with running(lambda: None) as control:
        assert control.call(lambda: joined.append(control.join(PATIENCE_S)), PATIENCE_S)
    assert joined == [False]


def test_what_is_posted_after_the_end_is_done_by_a_drain() -> None:
    done: list[int] = []
    with running(lambda: None) as control:
        pass
    control.post(lambda: done.append(1))
    control.drain()
    assert done == [1]


@pytest.mark.parametrize("interval_s", [0.001, 0.5])
def test_the_next_poll_lies_on_the_grid_of_the_first_one(interval_s: float) -> None:
    control = ControlThread(
        lambda: None, interval_s, name="control", on_missed=lambda missed: None, on_error=lambda error: None
    )
    base = 1000.0 * interval_s
    following = control._after(base)
    steps = (following - base) / interval_s
    assert abs(steps - round(steps)) < 1e-3
