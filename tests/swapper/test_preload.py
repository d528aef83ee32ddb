"""Preloading: a variant is loaded beside what serves, and serves the moment it is asked for."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from edgeadapt import swap_codes
from edgeadapt.backends.fake import FakeLoader
from edgeadapt.swapper.event import SwapEvent
from edgeadapt.swapper.swapper import HotSwapper

WAIT_S = 30.0


@pytest.fixture
def loader() -> FakeLoader:
    return FakeLoader("small", "medium", "large", "huge")


@pytest.fixture
def swapper(loader: FakeLoader) -> Iterator[HotSwapper]:
    with HotSwapper(loader, "small") as swapper:
        yield swapper


def test_a_preloaded_variant_serves_as_soon_as_it_is_asked_for(
    swapper: HotSwapper, loader: FakeLoader
) -> None:
    event = swapper.preload("large").wait(WAIT_S)
    assert event is not None
    assert (event.code, event.kind, event.previous) == (swap_codes.SWAP_PRELOADED, "preload", "small")
    assert swapper.infer(0) == "small"
    assert swapper.status()["preloaded"] == ["large"]
    started = time.perf_counter()
    request = swapper.swap_to("large")
    assert request.done
    assert time.perf_counter() - started < 0.1, "nothing is loaded, nothing is waited for"
    assert swapper.infer(0) == "large"
    assert len(loader.made) == 2
    assert loader.last("small").unloaded.wait(WAIT_S)
    assert not loader.last("large").unloaded.is_set()


def test_preloads_count_apart_and_call_no_swap_callbacks(loader: FakeLoader) -> None:
    heard: list[object] = []
    events: list[SwapEvent] = []
    with HotSwapper(
        loader,
        "small",
        on_swap_start=lambda *told: heard.append(told),
        on_swap_complete=lambda *told: heard.append(told),
        on_fallback=lambda *told: heard.append(told),
        on_event=events.append,
    ) as swapper:
        swapper.preload("large").wait(WAIT_S)
        swapper.preload("nothing").wait(WAIT_S)
        counters = swapper.counters()
    assert heard == []
    assert (counters["attempted"], counters["preloaded"], counters["failed"]) == (1, 1, 0)
    assert [(event.code, event.kind) for event in events[2:]] == [
        (swap_codes.SWAP_PENDING, "preload"),
        (swap_codes.SWAP_PRELOADED, "preload"),
        (swap_codes.SWAP_PENDING, "preload"),
        (swap_codes.SWAP_LOAD_FAILED, "preload"),
    ]


def test_the_oldest_preload_makes_room_for_a_load(swapper: HotSwapper, loader: FakeLoader) -> None:
    swapper.preload("medium").wait(WAIT_S)
    swapper.preload("large").wait(WAIT_S)
    event = swapper.swap_to("huge").wait(WAIT_S)
    assert event is not None
    assert event.code == swap_codes.SWAP_COMMITTED
    assert loader.last("medium").unloaded.is_set()
    assert swapper.status()["preloaded"] == ["large"]


def test_a_swap_supersedes_a_running_preload_and_cancels_its_load(
    swapper: HotSwapper, loader: FakeLoader
) -> None:
    loader.script("large", gate=threading.Event(), can_cancel=True)
    preload = swapper.preload("large")
    while swapper.status()["preloading"] != "large" or len(loader.made) < 2:
        swapper.infer(0)
    assert loader.last("large").load_started.wait(WAIT_S)
    event = swapper.swap_to("medium").wait(WAIT_S)
    assert event is not None
    assert event.code == swap_codes.SWAP_COMMITTED
    ended = preload.wait(0)
    assert ended is not None
    assert ended.code == swap_codes.SWAP_SUPERSEDED
    assert loader.last("large").cancelled.is_set()
    assert loader.last("large").unloaded.wait(WAIT_S)


def test_a_swap_to_what_is_being_preloaded_commits_it(swapper: HotSwapper, loader: FakeLoader) -> None:
    gate = threading.Event()
    loader.script("large", gate=gate)
    preload = swapper.preload("large")
    swap = swapper.swap_to("large")
    gate.set()
    event = swap.wait(WAIT_S)
    assert event is not None
    assert (event.code, event.kind) == (swap_codes.SWAP_COMMITTED, "swap")
    assert preload.wait(0) == event
    assert len(loader.made) == 2
