"""Gaps: where both do not fit the old variant goes first; callers wait, and a failure brings it back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from edgeadapt import swap_codes
from edgeadapt.backends.admission import Transition
from edgeadapt.backends.base import InferenceBackend
from edgeadapt.backends.fake import FakeLoader
from edgeadapt.errors import ActivationError, NotServing
from edgeadapt.swapper.event import SwapEvent
from edgeadapt.swapper.swapper import HotSwapper

WAIT_S = 30.0


class Tight:
    """Memory for one variant at a time."""

    def admit(self, variant: str, active: str | None) -> Transition:
        return Transition.BESIDE if active is None else Transition.GAP

    def warm(self, variant: str, backend: InferenceBackend) -> None: ...

    def validate(self, variant: str, backend: InferenceBackend) -> Callable[[Any], Any] | None: ...

    def release(self, variant: str) -> None: ...


@pytest.fixture
def loader() -> FakeLoader:
    return FakeLoader("old", "new")


def await_load(loader: FakeLoader, count: int) -> None:
    while len(loader.made) < count:
        threading.Event().wait(0.001)
    assert loader.made[-1].load_started.wait(WAIT_S)


def test_callers_wait_in_a_gap_and_are_answered_by_the_new_variant(loader: FakeLoader) -> None:
    gate = threading.Event()
    loader.script("new", gate=gate)
    answers: list[object] = []
    with HotSwapper(loader, "old", preparation=Tight(), gap_timeout_s=WAIT_S) as swapper:
        request = swapper.swap_to("new")
        await_load(loader, 2)
        assert loader.last("old").unloaded.is_set()
        status = swapper.status()
        assert (status["in_gap"], status["active"], status["generation"]) == (True, None, 0)
        calls: list[Callable[[], object]] = [
            lambda: swapper.infer(0),
            lambda: swapper.infer(0, timeout_s=WAIT_S),
            lambda: swapper.infer_detailed(0)[0],
            lambda: swapper.lease().variant,
        ]
        callers = [threading.Thread(target=lambda call=call: answers.append(call())) for call in calls]
        for caller in callers:
            caller.start()
        gate.set()
        for caller in callers:
            caller.join()
        event = request.wait(WAIT_S)
        assert event is not None
        assert (event.code, event.previous) == (swap_codes.SWAP_COMMITTED, "old")
    assert answers == ["new"] * len(calls)


def test_a_caller_that_waited_long_enough_is_told_why(loader: FakeLoader) -> None:
    gate = threading.Event()
    loader.script("new", gate=gate)
    with HotSwapper(loader, "old", preparation=Tight(), gap_timeout_s=0.01) as swapper:
        swapper.swap_to("new")
        await_load(loader, 2)
        for call in (lambda: swapper.infer(0), swapper.lease, lambda: swapper.infer(0, timeout_s=WAIT_S)):
            with pytest.raises(NotServing, match="in a gap after `old`, until `new` is loaded"):
                call()
        gate.set()


def test_a_short_time_out_is_shorter_than_the_gaps_own(loader: FakeLoader) -> None:
    gate = threading.Event()
    loader.script("new", gate=gate)
    with HotSwapper(loader, "old", preparation=Tight(), gap_timeout_s=3600.0) as swapper:
        swapper.swap_to("new")
        await_load(loader, 2)
        with pytest.raises(NotServing, match="in a gap"):
            swapper.infer(0, timeout_s=0.01)
        gate.set()


def test_a_load_that_fails_in_a_gap_brings_the_old_variant_back(loader: FakeLoader) -> None:
    events: list[SwapEvent] = []
    heard: list[tuple[object, ...]] = []
    loader.script("new", load_error=MemoryError("scripted"))
    with HotSwapper(
        loader,
        "old",
        preparation=Tight(),
        gap_timeout_s=WAIT_S,
        on_event=events.append,
        on_swap_start=lambda *told: heard.append(("start", *told)),
        on_swap_complete=lambda *told: heard.append(("complete", *told)),
        on_fallback=lambda variant, error: heard.append(("fallback", variant, type(error))),
    ) as swapper:
        failed = swapper.swap_to("new").wait(WAIT_S)
        assert failed is not None
        assert (failed.code, failed.generation) == (swap_codes.SWAP_LOAD_FAILED, 0)
        assert swapper.infer(0) == "old"
        assert swapper.status()["in_gap"] is False
        counters = swapper.counters()
        assert (counters["attempted"], counters["failed"], counters["rolled_back"]) == (3, 1, 1)
    began = [
        (event.variant, event.stage, event.previous)
        for event in events
        if event.code == swap_codes.SWAP_GAP_BEGAN
    ]
    assert began == [("new", "releasing", "old")]
    assert counters["gaps"] == 1
    event = events[-1]
    assert (event.code, event.variant, event.previous) == (swap_codes.SWAP_ROLLED_BACK, "old", "new")
    assert (event.kind, event.generation, event.error) == ("recovery", 2, failed.error)
    assert heard == [("start", "old", "new"), ("fallback", "new", ActivationError)]


def test_who_asks_in_a_gap_is_told_what_the_load_said(loader: FakeLoader) -> None:
    def load(variant: str) -> InferenceBackend:
        backend = loader(variant)
        if variant == "old" and len(loader.made) > 1:
            raise OSError("the disk is gone")
        return backend

    loader.script("new", load_error=OSError("the file is cut off"))
    with HotSwapper(load, "old", preparation=Tight(), gap_timeout_s=0.0) as swapper:
        swapper.swap_to("new").wait(WAIT_S)
        with pytest.raises(NotServing, match=r"`new` did not take its place: .*the file is cut off"):
            swapper.infer(0)


def test_a_cancelled_gap_brings_the_old_variant_back(loader: FakeLoader) -> None:
    loader.script("new", gate=threading.Event(), can_cancel=True)
    with HotSwapper(loader, "old", preparation=Tight(), gap_timeout_s=WAIT_S) as swapper:
        request = swapper.swap_to("new")
        await_load(loader, 2)
        assert swapper.cancel()
        event = request.wait(WAIT_S)
        assert event is not None
        assert event.code == swap_codes.SWAP_CANCELLED
        assert swapper.infer(0) == "old"


def test_a_gap_whose_load_takes_too_long_brings_the_old_variant_back(loader: FakeLoader) -> None:
    events: list[SwapEvent] = []
    with HotSwapper(
        loader, "old", preparation=Tight(), gap_timeout_s=WAIT_S, load_timeout_s=0.5, on_event=events.append
    ) as swapper:
        # A lease keeps the old one, which therefore is there to serve again.
        with swapper.lease():
            event = swapper.swap_to("new").wait(WAIT_S)
            assert event is not None
            assert (event.code, event.stage) == (swap_codes.SWAP_TIMED_OUT, "releasing")
            assert swapper.infer(0) == "old"
        assert swapper.generation == 2
    assert "took longer than 0.5 s" in str(events[-1].error)


def test_a_preload_makes_no_gap(loader: FakeLoader) -> None:
    with HotSwapper(loader, "old", preparation=Tight()) as swapper:
        event = swapper.preload("new").wait(WAIT_S)
        assert event is not None
        assert event.code == swap_codes.SWAP_LOAD_FAILED
        assert "a preload makes no gap" in str(event.error)
        assert swapper.infer(0) == "old"
