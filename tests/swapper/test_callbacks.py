"""What a host hears: everything, in order, on one thread, and nothing that it does there breaks the swapper."""

from __future__ import annotations

import logging
import threading

import pytest

from edgeadapt.backends.fake import FakeLoader
from edgeadapt.errors import ActivationError
from edgeadapt.swapper.event import SwapEvent
from edgeadapt.swapper.swapper import HotSwapper

WAIT_S = 30.0


def test_callbacks_come_in_order_and_the_first_variant_is_no_swap() -> None:
    heard: list[tuple[object, ...]] = []
    with HotSwapper(
        FakeLoader("a", "b"),
        "a",
        on_swap_start=lambda *told: heard.append(("start", *told)),
        on_swap_complete=lambda *told: heard.append(("complete", *told)),
        on_fallback=lambda variant, error: heard.append(("fallback", variant, type(error))),
    ) as swapper:
        swapper.swap_to("b").wait(WAIT_S)
        swapper.swap_to("gone").wait(WAIT_S)
        swapper.swap_to("a").wait(WAIT_S)
    assert heard == [
        ("start", "a", "b"),
        ("complete", "a", "b"),
        ("start", "b", "gone"),
        ("fallback", "gone", ActivationError),
        ("start", "b", "a"),
        ("complete", "b", "a"),
    ]


def test_events_tell_everything_on_one_thread() -> None:
    events: list[tuple[str, str, str | None, int]] = []
    threads: set[int] = set()

    def hear(event: SwapEvent) -> None:
        events.append((event.code, event.variant, event.previous, event.generation))
        threads.add(threading.get_native_id())

    gate = threading.Event()
    loader = FakeLoader("a", "b", "c")
    loader.script("b", gate=gate)
    with HotSwapper(loader, "a", on_event=hear) as swapper:
        swapper.swap_to("b")
        last = swapper.swap_to("c")
        gate.set()
        last.wait(WAIT_S)
        swapper.swap_to("c")
        gate.clear()
        made = len(loader.made)
        swapper.swap_to("b")
        while len(loader.made) == made:
            swapper.infer(0)
        assert loader.made[-1].load_started.wait(WAIT_S)
        assert not swapper.close(0)
        gate.set()
        swapper.close()
    assert events == [
        ("SWAP_PENDING", "a", None, 0),
        ("SWAP_COMMITTED", "a", None, 1),
        ("SWAP_PENDING", "b", "a", 1),
        ("SWAP_SUPERSEDED", "b", "a", 1),
        ("SWAP_PENDING", "c", "a", 1),
        ("SWAP_COMMITTED", "c", "a", 2),
        ("SWAP_PENDING", "b", "c", 2),
        ("SWAP_CANCELLED", "b", "c", 2),
    ]
    assert len(threads) == 1
    assert threading.get_native_id() not in threads


@pytest.mark.parametrize("error", [ValueError, SystemExit])
def test_a_callback_that_raises_is_logged_and_counted_and_breaks_nothing(
    caplog: pytest.LogCaptureFixture, error: type[BaseException]
) -> None:
    def fail(*_: object) -> None:
        raise error("in a callback")

    heard: list[str] = []
    with (
        caplog.at_level(logging.ERROR, "edgeadapt.swapper"),
        HotSwapper(
            FakeLoader("a", "b"),
            "a",
            on_swap_start=fail,
            on_swap_complete=fail,
            on_event=lambda event: heard.append(event.code),
        ) as swapper,
    ):
        swapper.swap_to("b").wait(WAIT_S)
        assert swapper.infer(0) == "b"
        swapper.close()
        assert swapper.counters()["callback_errors"] == 2
    assert heard[-1] == "SWAP_COMMITTED"
    assert [record.message for record in caplog.records] == ["a swap callback failed"] * 2


def test_an_unload_that_raises_is_logged_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    loader = FakeLoader("a", "b")
    loader.script("a", unload_error=OSError("still busy"))
    with caplog.at_level(logging.ERROR, "edgeadapt.swapper"), HotSwapper(loader, "a") as swapper:
        swapper.swap_to("b").wait(WAIT_S)
        swapper.close()
        assert swapper.counters()["unload_errors"] == 1
    assert "a backend failed to unload" in caplog.text


def test_a_callback_may_call_the_swapper_even_to_close_it() -> None:
    closed = threading.Event()
    seen: list[object] = []

    def follow(_: str, new: str) -> None:
        seen.append(swapper.infer(0))
        if new == "b":
            swapper.swap_to("c")
        else:
            swapper.close()
            closed.set()

    swapper = HotSwapper(FakeLoader("a", "b", "c"), "a", on_swap_complete=follow)
    swapper.swap_to("b")
    assert closed.wait(WAIT_S)
    assert seen[-1] == "c"
    swapper.close()


def test_a_slow_callback_delays_neither_loads_nor_inferences() -> None:
    hold = threading.Event()
    with HotSwapper(FakeLoader("a", "b", "c"), "a", on_swap_start=lambda *_: hold.wait(WAIT_S)) as swapper:
        swapper.swap_to("b").wait(WAIT_S)
        swapper.swap_to("c").wait(WAIT_S)
        assert swapper.infer(0) == "c"
        hold.set()


def test_a_load_that_waits_for_another_load_is_told_so() -> None:
    fake = FakeLoader("a", "b", "c")
    problems: list[str] = []

    def greedy(variant: str) -> object:
        if variant == "b":
            try:
                swapper.swap_to("c").wait()
            except RuntimeError as error:
                problems.append(str(error))
        return fake(variant)

    with HotSwapper(greedy, "a") as swapper:  # type: ignore[arg-type] # the fake's type is not the point here
        swapper.swap_to("b").wait(WAIT_S)
        swapper.swap_to("c").wait(WAIT_S)
        assert swapper.infer(0) == "c"
    assert problems == ["a load cannot wait for another load: they run one after the other"]
