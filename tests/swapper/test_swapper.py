"""HotSwapper over scripted backends: what serves, when, and what its owner hears of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from edgeadapt import swap_codes
from edgeadapt.backends.fake import FakeBackend, FakeLoader
from edgeadapt.errors import ActivationError, NotServing
from edgeadapt.swapper.event import SwapEvent
from edgeadapt.swapper.swapper import HotSwapper

WAIT_S = 30.0


@pytest.fixture
def loader() -> FakeLoader:
    return FakeLoader("small", "medium", "large")


@pytest.fixture
def swapper(loader: FakeLoader) -> Iterator[HotSwapper]:
    with HotSwapper(loader, "small") as swapper:
        yield swapper


def swapped(swapper: HotSwapper, variant: str) -> SwapEvent:
    event = swapper.swap_to(variant).wait(WAIT_S)
    assert event is not None
    return event


def test_the_initial_variant_serves_from_the_start(swapper: HotSwapper) -> None:
    assert (swapper.active_variant, swapper.generation) == ("small", 1)
    assert swapper.infer("anything") == "small"
    assert swapper.infer(None) == "small"


def test_a_swap_puts_the_next_one_in_place(swapper: HotSwapper, loader: FakeLoader) -> None:
    event = swapped(swapper, "large")
    assert (event.code, event.variant, event.previous) == (swap_codes.SWAP_COMMITTED, "large", "small")
    assert event.generation == swapper.generation == 2
    assert event.load_time_s > 0
    assert event.error is None
    assert swapper.infer(0) == "large"
    assert loader.last("small").unloaded.wait(WAIT_S)


def test_a_backend_is_unloaded_on_a_thread_that_serves_nobody(
    swapper: HotSwapper, loader: FakeLoader
) -> None:
    swapped(swapper, "large")
    old = loader.last("small")
    assert old.unloaded.wait(WAIT_S)
    assert old.unload_thread not in (None, threading.get_native_id())


def test_a_request_for_what_serves_is_done_at_once(swapper: HotSwapper, loader: FakeLoader) -> None:
    request = swapper.swap_to("small")
    assert request.done
    event = request.wait(0)
    assert event is not None
    assert (event.code, event.generation) == (swap_codes.SWAP_COMMITTED, 1)
    assert len(loader.made) == 1
    assert swapper.counters()["joined"] == 1


def test_a_request_for_what_is_being_loaded_joins_it(swapper: HotSwapper, loader: FakeLoader) -> None:
    gate = threading.Event()
    loader.script("large", gate=gate)
    first, second = swapper.swap_to("large"), swapper.swap_to("large")
    assert not second.done
    assert second.wait(0) is None
    gate.set()
    assert first.wait(WAIT_S) == second.wait(WAIT_S)
    assert len(loader.made) == 2
    assert swapper.counters()["attempted"] == 2


def test_a_newer_request_supersedes_a_load_that_never_serves_afterwards(loader: FakeLoader) -> None:
    gate = threading.Event()
    loader.script("large", gate=gate)
    served: list[str] = []
    with HotSwapper(loader, "small", on_swap_complete=lambda _, new: served.append(new)) as swapper:
        large = swapper.swap_to("large")
        while not loader.made or loader.made[-1].variant != "large":
            swapper.infer(0)
        assert loader.last("large").load_started.wait(WAIT_S)
        medium = swapper.swap_to("medium")
        event = large.wait(WAIT_S)
        assert event is not None
        assert (event.code, event.stage) == (swap_codes.SWAP_SUPERSEDED, "loading")
        assert swapper.infer(0) == "small"
        gate.set()
        assert medium.wait(WAIT_S) is not None
        assert swapper.infer(0) == "medium"
        assert loader.last("large").unloaded.wait(WAIT_S)
        assert swapper.generation == 2
    assert served == ["medium"]


def test_asking_for_what_serves_takes_an_open_request_back(swapper: HotSwapper, loader: FakeLoader) -> None:
    gate = threading.Event()
    loader.script("large", gate=gate)
    large = swapper.swap_to("large")
    assert swapper.swap_to("small").done
    event = large.wait(WAIT_S)
    assert event is not None
    assert event.code == swap_codes.SWAP_SUPERSEDED
    gate.set()
    assert swapped(swapper, "medium").generation == 2


def test_a_failed_load_leaves_the_old_one_serving(swapper: HotSwapper, loader: FakeLoader) -> None:
    cause = MemoryError("no memory for it")
    loader.script("large", load_error=cause)
    event = swapped(swapper, "large")
    assert (event.code, event.stage, event.generation) == (swap_codes.SWAP_LOAD_FAILED, "loading", 1)
    assert isinstance(event.error, ActivationError)
    assert event.error.__cause__ is cause
    assert (event.error.variant, event.error.stage) == ("large", "loading")
    assert event.error.reason == "MemoryError: no memory for it"
    assert swapper.infer(0) == "small"
    assert loader.last("large").unloaded.wait(WAIT_S)


def test_an_activation_error_passes_unchanged(swapper: HotSwapper, loader: FakeLoader) -> None:
    own = ActivationError("large", "warming", "too slow")
    loader.script("large", load_error=own)
    assert swapped(swapper, "large").error is own


def test_an_unknown_variant_is_a_failed_swap(swapper: HotSwapper) -> None:
    event = swapped(swapper, "lage")
    assert (event.code, event.stage) == (swap_codes.SWAP_LOAD_FAILED, "checking")
    assert "did you mean `large`?" in str(event.error)
    assert swapper.active_variant == "small"


class MuteError(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, RuntimeError, MuteError])
def test_whatever_a_load_raises_is_only_a_failed_swap(
    swapper: HotSwapper, loader: FakeLoader, error: type[BaseException]
) -> None:
    loader.script("large", load_error=error())
    failed = swapped(swapper, "large").error
    assert isinstance(failed, ActivationError)
    assert error.__name__ in failed.reason
    assert swapper.infer(0) == "small"


def test_a_loader_that_returns_no_backend_is_told_so(loader: FakeLoader) -> None:
    def strange(variant: str) -> FakeBackend:
        return loader(variant) if variant == "small" else "a file"  # type: ignore[return-value] # the mistake under test

    with HotSwapper(strange, "small") as swapper:
        error = swapped(swapper, "large").error
    assert "the loader returned a str, which has no `load`; return an InferenceBackend" in str(error)


def test_a_loader_may_hand_out_a_backend_again_once_it_is_unloaded() -> None:
    kept = {name: FakeBackend(name) for name in ("a", "b")}
    with HotSwapper(kept.__getitem__, "a") as swapper:
        for round_ in range(50):
            name = "ba"[round_ % 2]
            assert swapped(swapper, name).code == swap_codes.SWAP_COMMITTED
            assert swapper.infer(0) == name


def test_an_initial_variant_that_fails_raises_and_leaves_no_thread(loader: FakeLoader) -> None:
    loader.script("large", load_error=OSError("disk gone"))
    heard: list[object] = []
    with pytest.raises(ActivationError, match="variant `large` failed while loading: OSError: disk gone"):
        HotSwapper(loader, "large", on_fallback=lambda *told: heard.append(told))
    assert heard == []
    assert loader.last("large").unloaded.is_set()


def test_an_answer_may_come_with_who_gave_it(swapper: HotSwapper) -> None:
    assert swapper.infer_detailed(0) == ("small", "small", 1)
    swapped(swapper, "large")
    assert swapper.infer_detailed(0) == ("large", "large", 2)
    swapper.close()
    with pytest.raises(NotServing):
        swapper.infer_detailed(0)


def test_errors_of_an_inference_come_through(loader: FakeLoader) -> None:
    loader.script("small", infer_error=ZeroDivisionError("scripted"))
    with HotSwapper(loader, "small") as swapper, pytest.raises(ZeroDivisionError, match="scripted"):
        swapper.infer(0)


def test_an_inference_keeps_its_generation_to_its_end(loader: FakeLoader) -> None:
    inside, leave = threading.Event(), threading.Event()

    def linger(_: object) -> None:
        inside.set()
        leave.wait(WAIT_S)

    loader.script("small", on_infer=linger)
    answers: list[object] = []
    with HotSwapper(loader, "small") as swapper:
        reader = threading.Thread(target=lambda: answers.append(swapper.infer(0)))
        reader.start()
        assert inside.wait(WAIT_S)
        swapped(swapper, "large")
        assert swapper.infer(0) == "large"
        assert not loader.last("small").unloaded.is_set()
        leave.set()
        reader.join()
        assert answers == ["small"]
        assert loader.last("small").unloaded.wait(WAIT_S)


def test_inferences_nest_deeper_than_a_thread_has_cells(loader: FakeLoader) -> None:
    depth = 0

    def again(_: object) -> None:
        nonlocal depth
        depth += 1
        if depth == 5:
            swapped(swapper, "large")
        if depth < 10:
            swapper.infer(0)

    loader.script("small", on_infer=again)
    with HotSwapper(loader, "small") as swapper:
        assert swapper.infer(0) == "small"
        assert swapper.infer(0) == "large"


def test_max_resident_leaves_room_for_the_next_one() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        HotSwapper(FakeLoader("a"), "a", max_resident=1)


def test_counters_add_up(swapper: HotSwapper, loader: FakeLoader) -> None:
    gate = threading.Event()
    swapped(swapper, "medium")
    swapped(swapper, "nothing")
    loader.script("large", gate=gate)
    swapper.swap_to("large")
    swapper.swap_to("large")
    swapper.swap_to("small")
    gate.set()
    swapper.close()
    counters = swapper.counters()
    ends = ("succeeded", "failed", "superseded", "cancelled", "timed_out")
    assert counters["attempted"] == sum(counters[name] for name in ends) == 5
    assert (counters["failed"], counters["superseded"], counters["joined"]) == (1, 1, 1)


def test_after_close_nothing_is_served(swapper: HotSwapper) -> None:
    assert swapper.close()
    assert swapper.close()
    assert (swapper.active_variant, swapper.generation) == (None, 0)
    for call in (
        lambda: swapper.infer(0),
        lambda: swapper.swap_to("large"),
        swapper.lease,
        swapper.get_backend,
    ):
        with pytest.raises(NotServing):
            call()
