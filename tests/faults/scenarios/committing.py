"""Faults of the moment in which one generation takes another's place, and of what hears of it."""

from __future__ import annotations

from edgeadapt import swap_codes
from edgeadapt.errors import NotServing
from tests.faults.points import WAIT_S
from tests.faults.rig import Rig
from tests.faults.scenarios.held import race

ROUNDS = 30


def observer_hangs(rig: Rig) -> None:
    """Who hears of the commit never returns: swaps and answers go on, and the close is bounded."""
    hold = rig.points.new_hold()

    def on_swap_complete(old: str, new: str) -> None:
        if new == "b":
            rig.points.count("commit")
            hold()

    rig.start(on_swap_complete=on_swap_complete)
    rig.committed("b")
    hold.await_reached()
    for variant in ("c", "d", "a"):
        rig.committed(variant)
    rig.readers.expect_the_end()
    assert not rig.swapper.close(0.05)
    assert [event.variant for event in rig.events if event.code == swap_codes.SWAP_COMMITTED] == ["a"]
    hold.let_go()


def observer_is_slow(rig: Rig) -> None:
    """Who hears of the commit takes its time: it hears of everything, later, in order."""
    hold = rig.points.new_hold()

    def on_swap_complete(old: str, new: str) -> None:
        if new == "b":
            rig.points.count("commit")
            hold()

    rig.start(on_swap_complete=on_swap_complete)
    for variant in ("b", "c", "d"):
        rig.committed(variant)
    hold.await_reached()
    rig.readers.progress(100)
    hold.let_go()


def observer_raises(rig: Rig) -> None:
    """Who hears of the commit fails: it is counted."""

    def on_swap_complete(old: str, new: str) -> None:
        rig.points.count("commit")
        raise RuntimeError("scripted")

    rig.start(on_swap_complete=on_swap_complete)
    rig.committed("b")
    while rig.swapper.counters()["callback_errors"] == 0:
        rig.readers.progress(1)
    rig.committed("c")


def cancelled_at_the_same_time(rig: Rig) -> None:
    """One of the two comes first, and the other changes nothing."""
    rig.start()
    for _ in range(ROUNDS):
        before = rig.swapper.active_variant
        other = "c" if before == "b" else "b"
        hold = rig.points.hold("commit", other)
        request = rig.swapper.swap_to(other)
        hold.await_reached()
        cancelled: list[bool] = []
        race(rig, lambda: cancelled.append(rig.swapper.cancel()), hold.let_go)  # noqa: B023 - called in this turn
        event = rig.ended(request)
        serves = {swap_codes.SWAP_CANCELLED: before, swap_codes.SWAP_COMMITTED: request.variant}[event.code]
        assert cancelled == [event.code == swap_codes.SWAP_CANCELLED]
        assert rig.swapper.active_variant == serves
        rig.readers.progress(1)


def superseded_at_the_same_time(rig: Rig) -> None:
    """The older one serves for a moment or never; the newer one serves in the end."""
    rig.start()
    for round_ in range(ROUNDS):
        older, newer = "bc"[round_ % 2], "d"
        hold = rig.points.hold("commit", older)
        request = rig.swapper.swap_to(older)
        hold.await_reached()
        race(rig, lambda: rig.swapper.swap_to(newer), hold.let_go)  # noqa: B023 - called in this turn
        assert rig.ended(request).code in (swap_codes.SWAP_SUPERSEDED, swap_codes.SWAP_COMMITTED)
        rig.committed(newer)


def stopped_at_the_same_time(rig: Rig) -> None:
    """It serves for a moment or never, and is destroyed."""
    rig.start()
    hold = rig.points.hold("commit", "b")
    request = rig.swapper.swap_to("b")
    hold.await_reached()
    rig.readers.expect_the_end()
    closed: list[bool] = []
    race(rig, lambda: closed.append(rig.swapper.close(WAIT_S)), hold.let_go)
    assert closed == [True]
    assert rig.ended(request).code in (swap_codes.SWAP_CANCELLED, swap_codes.SWAP_COMMITTED)
    try:
        rig.swapper.infer(0)
    except NotServing:
        return
    raise AssertionError("it serves after its end")
