"""Leases and held backends keep their generation, hold up loads when too many are held, and outlive the swapper."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest

from edgeadapt import swap_codes
from edgeadapt.backends.base import InferenceBackend
from edgeadapt.backends.fake import FakeLoader
from edgeadapt.errors import NotServing
from edgeadapt.swapper.swapper import HotSwapper

WAIT_S = 30.0


@pytest.fixture
def loader() -> FakeLoader:
    return FakeLoader("small", "medium", "large")


@pytest.fixture
def swapper(loader: FakeLoader) -> Iterator[HotSwapper]:
    with HotSwapper(loader, "small") as swapper:
        yield swapper


def test_a_lease_keeps_its_generation_over_swaps(swapper: HotSwapper, loader: FakeLoader) -> None:
    with swapper.lease() as lease:
        swapper.swap_to("large").wait(WAIT_S)
        assert (lease.variant, lease.generation, lease.infer(0)) == ("small", 1, "small")
        assert lease.backend is loader.last("small")
        assert swapper.infer(0) == "large"
        assert not loader.last("small").unloaded.is_set()
    assert loader.last("small").unloaded.wait(WAIT_S)


def test_a_released_lease_serves_no_more(swapper: HotSwapper) -> None:
    lease = swapper.lease()
    lease.release()
    lease.release()
    assert not lease.is_held
    with pytest.raises(NotServing, match="this lease has ended; take a new one"):
        lease.infer(0)
    with pytest.raises(NotServing):
        _ = lease.variant


def test_a_lease_may_end_on_another_thread(swapper: HotSwapper, loader: FakeLoader) -> None:
    lease = swapper.lease()
    swapper.swap_to("large").wait(WAIT_S)
    thread = threading.Thread(target=lease.release)
    thread.start()
    thread.join()
    assert loader.last("small").unloaded.wait(WAIT_S)


def test_releasing_during_an_inference_waits_for_its_end(loader: FakeLoader) -> None:
    inside, leave = threading.Event(), threading.Event()

    def linger(_: object) -> None:
        inside.set()
        leave.wait(WAIT_S)

    loader.script("small", on_infer=linger)
    with HotSwapper(loader, "small") as swapper:
        lease = swapper.lease()
        answers: list[object] = []
        reader = threading.Thread(target=lambda: answers.append(lease.infer(0)))
        reader.start()
        assert inside.wait(WAIT_S)
        lease.release()
        swapper.swap_to("large").wait(WAIT_S)
        assert swapper.status()["resident"] == 2
        leave.set()
        reader.join()
        assert answers == ["small"]
        assert loader.last("small").unloaded.wait(WAIT_S)


def test_held_leases_hold_up_the_next_load_and_are_reported(loader: FakeLoader) -> None:
    with HotSwapper(loader, "small", max_resident=2) as swapper:
        lease = swapper.lease()
        swapper.swap_to("medium").wait(WAIT_S)
        waiting = swapper.swap_to("large")
        status = swapper.status()
        assert status["waiting_for_room"]
        assert (status["requested"], status["stage"], status["resident"]) == ("large", "idle", 2)
        assert status["oldest_lease_age_s"] > 0
        assert waiting.wait(0) is None
        assert len(loader.made) == 2
        lease.release()
        event = waiting.wait(WAIT_S)
        assert event is not None
        assert event.code == swap_codes.SWAP_COMMITTED
        status = swapper.status()
        assert not status["waiting_for_room"]


def test_a_held_backend_keeps_its_generation_as_long_as_it_is_held(
    swapper: HotSwapper, loader: FakeLoader
) -> None:
    backend = swapper.get_backend()
    swapper.swap_to("large").wait(WAIT_S)
    assert isinstance(backend, InferenceBackend)
    assert backend.is_loaded
    assert backend.infer(0) == "small"
    assert backend.capabilities.backend == "fake"
    assert not loader.last("small").unloaded.is_set()
    del backend
    gc.collect()
    assert loader.last("small").unloaded.wait(WAIT_S)


def test_a_held_backend_shows_what_else_the_backend_has(swapper: HotSwapper) -> None:
    backend = swapper.get_backend()
    assert backend.variant == "small"
    with pytest.raises(AttributeError):
        _ = backend.nothing_of_the_kind
    backend.load()
    backend.unload()
    assert not backend.is_loaded
    with pytest.raises(NotServing):
        backend.infer(0)


def test_a_lease_outlives_the_swapper(loader: FakeLoader) -> None:
    swapper = HotSwapper(loader, "small")
    lease = swapper.lease()
    assert swapper.close()
    del swapper
    gc.collect()
    assert lease.infer(0) == "small"
    assert not loader.last("small").unloaded.is_set()
    del lease
    assert loader.last("small").unloaded.wait(WAIT_S)


def test_a_forgotten_swapper_ends_by_itself(loader: FakeLoader) -> None:
    swapper = HotSwapper(loader, "small")
    del swapper
    gc.collect()
    assert loader.last("small").unloaded.wait(WAIT_S)
