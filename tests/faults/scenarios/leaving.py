"""Faults while an old generation drains, held up by an inference that does not end, and while it is unloaded."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from edgeadapt import swap_codes
from tests.faults import models
from tests.faults.points import WAIT_S, Hold
from tests.faults.rig import SHORT_LOAD_S, Rig
from tests.faults.scenario import Scenario
from tests.faults.scenarios.held import refused


@contextmanager
def _kept(rig: Rig, point: str) -> Iterator[Hold]:
    """Swap from `a` to `b`, and keep `a`'s generation: draining, or being unloaded."""
    if point == "drain":
        with rig.straggler("a") as straggler:
            rig.committed("b")
            yield straggler.hold
        assert np.array_equal(straggler.answer, models.expected("a")[0])
    else:
        hold = rig.points.hold("unload", "a")
        rig.committed("b")
        hold.await_reached()
        yield hold
        hold.let_go()
    assert rig.trace("a").is_destroyed.wait(WAIT_S)


def start(rig: Rig, point: str, **options: object) -> None:
    rig.has_native = point != "drain"
    rig.start(**options)


def straggler_fails(error: BaseException) -> Scenario:
    def scenario(rig: Rig) -> None:
        """The last inference in the old generation fails: its caller hears of it, and the generation goes."""
        start(rig, "drain")
        with rig.straggler("a", error) as straggler:
            rig.committed("b")
        assert straggler.error is error
        assert rig.trace("a").is_destroyed.wait(WAIT_S)

    return scenario


def unload_fails(error: BaseException) -> Scenario:
    def scenario(rig: Rig) -> None:
        """The unload fails: it is counted, and the generation is gone all the same."""
        rig.points.fail("unload", "a", error)
        rig.start()
        rig.committed("b")
        assert rig.trace("a").is_destroyed.wait(WAIT_S)
        rig.settle()
        assert rig.swapper.counters()["unload_errors"] == 1
        rig.committed("c")

    return scenario


def hang(point: str) -> Scenario:
    def scenario(rig: Rig) -> None:
        """The next load finds no room, is reported, and runs out of its time; with room, it is as ever."""
        start(rig, point, max_resident=2, load_timeout_s=SHORT_LOAD_S)
        with _kept(rig, point):
            request = rig.swapper.swap_to("c")
            status = rig.swapper.status()
            assert (status["waiting_for_room"], status["requested"], status["resident"]) == (True, "c", 2)
            event = rig.ended(request)
            assert (event.code, event.stage) == (swap_codes.SWAP_TIMED_OUT, "idle")
            rig.readers.progress()
        rig.committed("c")

    return scenario


def slow(point: str) -> Scenario:
    def scenario(rig: Rig) -> None:
        """The new one serves meanwhile, and there is room for another."""
        start(rig, point)
        with _kept(rig, point):
            rig.readers.progress(100)
            rig.committed("c")
        rig.settle()

    return scenario


def _file_changes(change: Callable[[Rig], None], then: str) -> Callable[[str], Scenario]:
    def of(point: str) -> Scenario:
        def scenario(rig: Rig) -> None:
            """The old one's file changes while it goes, which matters only to its next load."""
            start(rig, point)
            with _kept(rig, point):
                change(rig)
                rig.points.count("file")
                rig.readers.progress()
            rig.settle()
            event = rig.swap("a")
            assert event.code == then, event
            rig.readers.progress()

        return scenario

    return of


truncated = _file_changes(lambda rig: models.truncate(rig.path("a")), swap_codes.SWAP_LOAD_FAILED)
replaced = _file_changes(
    lambda rig: models.replace(rig.path("a"), models.good("a")), swap_codes.SWAP_COMMITTED
)


def callback_raises(point: str) -> Scenario:
    def scenario(rig: Rig) -> None:
        """`on_swap_complete` fails while the old one is still there."""
        there = rig.points.new_hold()

        def on_swap_complete(old: str, new: str) -> None:
            if new == "b":
                there()
                rig.points.count("callback")
                raise RuntimeError("scripted")

        start(rig, point, on_swap_complete=on_swap_complete)
        with _kept(rig, point):
            there.let_go()
            while rig.swapper.counters()["callback_errors"] == 0:
                rig.readers.progress(1)
            assert not rig.trace("a").is_destroyed.is_set()

    return scenario


def cancel(point: str) -> Scenario:
    def scenario(rig: Rig) -> None:
        """What waits for room is cancelled without having begun."""
        start(rig, point, max_resident=2)
        with _kept(rig, point):
            request = rig.swapper.swap_to("c")
            assert rig.swapper.cancel()
            event = rig.ended(request)
            assert (event.code, event.stage) == (swap_codes.SWAP_CANCELLED, "idle")
            rig.readers.progress()
        rig.committed("d")
        assert all(trace.variant != "c" for trace in rig.traces)

    return scenario


def supersede(point: str) -> Scenario:
    def scenario(rig: Rig) -> None:
        """What waits for room is superseded without having begun."""
        start(rig, point, max_resident=2)
        with _kept(rig, point):
            older, newer = rig.swapper.swap_to("c"), rig.swapper.swap_to("d")
            event = rig.ended(older)
            assert (event.code, event.stage) == (swap_codes.SWAP_SUPERSEDED, "idle")
            rig.readers.progress()
            assert not newer.done
        assert rig.ended(newer).code == swap_codes.SWAP_COMMITTED
        assert all(trace.variant != "c" for trace in rig.traces)

    return scenario


def stop(point: str) -> Scenario:
    def scenario(rig: Rig) -> None:
        """A close is bounded, and the old one goes when it can."""
        start(rig, point)
        with _kept(rig, point):
            # Nobody but the straggler is left in the old one.
            rig.readers.progress(2)
            rig.readers.expect_the_end()
            started = time.monotonic()
            assert not rig.swapper.close(0.05)
            assert time.monotonic() - started < WAIT_S / 2
            refused(rig)

    return scenario
