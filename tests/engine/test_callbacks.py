from __future__ import annotations

import threading
from typing import Any

import pytest

from edgeadapt.errors import NotServing

PATIENCE_S = 20.0


def test_they_come_in_order_on_the_control_thread(bench: Any) -> None:
    heard: list[tuple[str, str, str, str]] = []
    done = threading.Event()

    def complete(before: str, after: str) -> None:
        heard.append(("complete", before, after, threading.current_thread().name))
        done.set()

    engine = bench.running(
        50,
        10,
        on_swap_start=lambda before, after: heard.append(
            ("start", before, after, threading.current_thread().name)
        ),
        on_swap_complete=complete,
    )
    bench.poll(engine)
    assert done.wait(PATIENCE_S)
    assert heard == [
        ("start", "medium", "tiny", "edgeadapt-digits"),
        ("complete", "medium", "tiny", "edgeadapt-digits"),
    ]


def test_when_a_swap_is_told_to_be_complete_the_engine_already_shows_it(bench: Any) -> None:
    seen: list[Any] = []
    done = threading.Event()

    def complete(before: str, after: str) -> None:
        seen.extend([engine.infer(0), engine.active_variant, engine.last_swap_reason, engine.status()])
        done.set()

    engine = bench.running(50, 10, on_swap_complete=complete)
    bench.poll(engine)
    assert done.wait(PATIENCE_S)
    assert seen[:3] == ["tiny", "tiny", "SWAP_COMMITTED:tiny:low"]
    assert seen[3].counters["swaps_succeeded"] == 1


def test_one_that_raises_is_counted_and_breaks_nothing(bench: Any, caplog: pytest.LogCaptureFixture) -> None:
    def leave(before: str, after: str) -> None:
        raise SystemExit("the host's own mistake")

    engine = bench.running(50, 10, 90, on_swap_start=leave)
    bench.poll(engine)
    bench.swapped()
    bench.poll(engine)
    bench.swapped()
    assert engine.infer(0) == "full"
    assert engine.status().counters["callback_errors"] == 2
    assert [record.levelname for record in caplog.records if "on_swap_start" in record.message] == ["WARNING"]


def test_one_may_stop_the_engine(bench: Any) -> None:
    stopped = threading.Event()

    def complete(before: str, after: str) -> None:
        engine.stop()
        stopped.set()

    engine = bench.running(50, 10, on_swap_complete=complete)
    bench.poll(engine)
    assert stopped.wait(PATIENCE_S)
    with pytest.raises(NotServing):
        engine.infer(0)
    assert not engine.status().running


def test_one_that_stops_the_engine_and_a_stop_from_outside_do_not_wait_for_each_other(bench: Any) -> None:
    inside, outside = threading.Event(), threading.Event()

    def complete(before: str, after: str) -> None:
        inside.set()
        outside.wait(PATIENCE_S)
        engine.stop(PATIENCE_S)

    engine = bench.running(50, 10, on_swap_complete=complete)
    bench.poll(engine)
    assert inside.wait(PATIENCE_S)
    stopper = threading.Thread(target=engine.stop, args=(PATIENCE_S,))
    stopper.start()
    outside.set()
    stopper.join(PATIENCE_S)
    assert not stopper.is_alive()
    assert not engine.status().running


def test_one_may_not_poll(bench: Any) -> None:
    errors: list[BaseException] = []
    done = threading.Event()

    def complete(before: str, after: str) -> None:
        try:
            engine.poll()
        except RuntimeError as error:
            errors.append(error)
        done.set()

    engine = bench.running(50, 10, on_swap_complete=complete)
    bench.poll(engine)
    assert done.wait(PATIENCE_S)
    assert "callback" in str(errors[0])


def test_a_poll_that_a_slow_callback_holds_up_says_so(bench: Any) -> None:
    hold, held = threading.Event(), threading.Event()

    def complete(before: str, after: str) -> None:
        held.set()
        hold.wait(PATIENCE_S)

    engine = bench.running(50, 10, on_swap_complete=complete)
    bench.poll(engine)
    assert held.wait(PATIENCE_S)
    with pytest.raises(TimeoutError, match="callback"):
        engine.poll(0.01)
    assert engine.infer(0) == "tiny"
    hold.set()
