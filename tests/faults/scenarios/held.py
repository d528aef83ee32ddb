"""What may happen while a load is held up in one of its stages, whichever it is."""

from __future__ import annotations

import threading
import time

from edgeadapt import swap_codes
from edgeadapt.errors import NotServing
from tests.faults.points import WAIT_S
from tests.faults.rig import SHORT_LOAD_S, Rig
from tests.faults.scenario import Scenario

# Where each point lies in a request's life.
STAGE_OF = {
    "open": "checking",
    "parse": "loading",
    "init": "loading",
    "warm-up": "warming",
    "contract": "validating",
    "golden": "validating",
    "commit": "validating",
}


def hang(point: str) -> Scenario:
    def scenario(rig: Rig) -> None:
        """It runs out of its time; what it brings later is destroyed."""
        hold = rig.points.hold(point, "b")
        rig.start(load_timeout_s=SHORT_LOAD_S)
        request = rig.swapper.swap_to("b")
        hold.await_reached()
        event = rig.ended(request)
        assert (event.code, event.stage) == (swap_codes.SWAP_TIMED_OUT, STAGE_OF[point])
        assert not rig.trace_is_destroyed("b")
        rig.readers.progress()
        rig.points.heal()
        rig.committed("c")

    return scenario


def slow(point: str) -> Scenario:
    def scenario(rig: Rig) -> None:
        """The old one answers for as long as it takes."""
        hold = rig.points.hold(point, "b")
        rig.start()
        request = rig.swapper.swap_to("b")
        hold.await_reached()
        rig.readers.progress(100)
        status = rig.swapper.status()
        assert (status["active"], status["requested"], status["stage"]) == ("a", "b", STAGE_OF[point])
        hold.let_go()
        assert rig.ended(request).code == swap_codes.SWAP_COMMITTED
        rig.readers.await_variant("b")

    return scenario


def cancel(point: str) -> Scenario:
    def scenario(rig: Rig) -> None:
        """It ends at once, and never serves."""
        hold = rig.points.hold(point, "b")
        rig.start()
        request = rig.swapper.swap_to("b")
        hold.await_reached()
        assert rig.swapper.cancel()
        assert not rig.swapper.cancel()
        event = rig.ended(request)
        assert (event.code, event.stage) == (swap_codes.SWAP_CANCELLED, STAGE_OF[point])
        if point != "open":
            rig.await_cancel("b")
        rig.readers.progress()
        hold.let_go()
        rig.points.heal()
        rig.committed("c")

    return scenario


def supersede(point: str) -> Scenario:
    def scenario(rig: Rig) -> None:
        """The newer one serves, the older one never."""
        hold = rig.points.hold(point, "b")
        rig.start()
        older = rig.swapper.swap_to("b")
        hold.await_reached()
        newer = rig.swapper.swap_to("c")
        event = rig.ended(older)
        assert (event.code, event.stage) == (swap_codes.SWAP_SUPERSEDED, STAGE_OF[point])
        if point != "open":
            rig.await_cancel("b")
        rig.readers.progress()
        assert not newer.done
        hold.let_go()
        assert rig.ended(newer).code == swap_codes.SWAP_COMMITTED
        rig.readers.await_variant("c")
        assert "b" not in {variant for _, variant in rig.readers.served}

    return scenario


def stop(point: str) -> Scenario:
    def scenario(rig: Rig) -> None:
        """A close is bounded; what the load brings afterwards is destroyed."""
        hold = rig.points.hold(point, "b")
        rig.start()
        request = rig.swapper.swap_to("b")
        hold.await_reached()
        rig.readers.expect_the_end()
        started = time.monotonic()
        assert not rig.swapper.close(0.05)
        assert time.monotonic() - started < WAIT_S / 2
        event = rig.ended(request)
        assert (event.code, event.stage) == (swap_codes.SWAP_CANCELLED, STAGE_OF[point])
        refused(rig)
        hold.let_go()

    return scenario


def callback_raises(point: str) -> Scenario:
    def scenario(rig: Rig) -> None:
        """`on_swap_start` fails while the load is in the stage: it is counted, and nobody else notices."""
        hold = rig.points.hold(point, "b")

        def on_swap_start(old: str, new: str) -> None:
            if new == "b":
                hold.await_reached()
                rig.points.count("callback")
                raise RuntimeError("scripted")

        rig.start(on_swap_start=on_swap_start)
        request = rig.swapper.swap_to("b")
        while rig.swapper.counters()["callback_errors"] == 0:
            rig.readers.progress(1)
        assert not request.done
        hold.let_go()
        assert rig.ended(request).code == swap_codes.SWAP_COMMITTED
        rig.readers.await_variant("b")
        assert rig.swapper.counters()["callback_errors"] == rig.points.fired["callback"] == 1

    return scenario


def refused(rig: Rig) -> None:
    """Assert that a closed swapper says so to whoever asks."""
    for call in (lambda: rig.swapper.infer(0), lambda: rig.swapper.swap_to("c"), rig.swapper.lease):
        try:
            call()
        except NotServing:
            continue
        raise AssertionError("it serves after its end")


def race(rig: Rig, *calls: object) -> None:
    """Let calls begin together."""
    barrier = threading.Barrier(len(calls))

    def run(call: object) -> None:
        barrier.wait(WAIT_S)
        call()  # type: ignore[operator] # what a scenario hands over can be called

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_S)
        assert not thread.is_alive()
