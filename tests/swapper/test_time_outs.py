"""Time-outs and cancelling: no load and no inference keeps anybody for longer than was said."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator

import pytest

from edgeadapt import swap_codes
from edgeadapt.backends.fake import FakeBackend, FakeLoader
from edgeadapt.errors import ActivationError, InferenceError, InferenceTimeout, NotServing
from edgeadapt.swapper.event import SwapEvent
from edgeadapt.swapper.swapper import HotSwapper
from edgeadapt.swapper.timed import MOST_LEFT_BEHIND

WAIT_S = 30.0


@pytest.fixture
def loader() -> FakeLoader:
    return FakeLoader("small", "medium", "large")


@pytest.fixture
def gate(loader: FakeLoader) -> Iterator[threading.Event]:
    gate = threading.Event()
    yield gate
    gate.set()


def ended(swapper: HotSwapper, variant: str) -> SwapEvent:
    event = swapper.swap_to(variant).wait(WAIT_S)
    assert event is not None
    return event


def test_a_load_that_hangs_times_out_and_is_cancelled(loader: FakeLoader, gate: threading.Event) -> None:
    heard: list[str] = []
    loader.script("large", gate=gate)
    with HotSwapper(
        loader, "small", load_timeout_s=0.3, on_fallback=lambda variant, _: heard.append(variant)
    ) as swapper:
        event = ended(swapper, "large")
        assert (event.code, event.stage, event.generation) == (swap_codes.SWAP_TIMED_OUT, "loading", 1)
        assert str(event.error) == "variant `large` failed while loading: took longer than 0.3 s"
        assert loader.last("large").cancelled.wait(WAIT_S)
        behind = ended(swapper, "medium")
        assert (behind.code, behind.stage) == (swap_codes.SWAP_TIMED_OUT, "idle")
        assert "took longer than 0.3 s, behind the load of `large`" in str(behind.error)
        assert swapper.infer(0) == "small"
        gate.set()
        assert loader.last("large").unloaded.wait(WAIT_S)
        assert ended(swapper, "medium").generation == 2
        assert swapper.counters()["timed_out"] == 2
    assert heard == ["large", "medium"]


def test_an_initial_variant_that_takes_too_long_raises(loader: FakeLoader, gate: threading.Event) -> None:
    loader.script("large", gate=gate)
    with pytest.raises(ActivationError, match=r"`large` failed while loading: took longer than 0\.05 s"):
        HotSwapper(loader, "large", load_timeout_s=0.05)
    gate.set()
    assert loader.last("large").unloaded.wait(WAIT_S)


def test_none_is_no_limit(loader: FakeLoader) -> None:
    with HotSwapper(loader, "small", load_timeout_s=None) as swapper:
        assert ended(swapper, "large").code == swap_codes.SWAP_COMMITTED


@pytest.mark.parametrize("timeout_s", [0, -1.0, float("nan")])
def test_a_time_out_that_is_no_time_is_a_wrong_call(loader: FakeLoader, timeout_s: float) -> None:
    with pytest.raises(ValueError, match="`load_timeout_s` is above 0, or None"):
        HotSwapper(loader, "small", load_timeout_s=timeout_s)


def test_cancelling_ends_the_open_request_and_its_load(loader: FakeLoader, gate: threading.Event) -> None:
    loader.script("large", gate=gate, can_cancel=True)
    with HotSwapper(loader, "small") as swapper:
        assert not swapper.cancel()
        request = swapper.swap_to("large")
        while len(loader.made) < 2:
            swapper.infer(0)
        assert loader.last("large").load_started.wait(WAIT_S)
        assert swapper.cancel()
        event = request.wait(0)
        assert event is not None
        assert (event.code, event.stage) == (swap_codes.SWAP_CANCELLED, "loading")
        assert loader.last("large").unloaded.wait(WAIT_S)
        assert not swapper.cancel()
        assert swapper.counters()["cancelled"] == 1


def test_superseding_and_closing_cancel_the_load(loader: FakeLoader, gate: threading.Event) -> None:
    loader.script("large", gate=threading.Event(), can_cancel=True)
    loader.script("medium", gate=gate, can_cancel=True)
    swapper = HotSwapper(loader, "small")
    swapper.swap_to("large")
    while len(loader.made) < 2:
        swapper.infer(0)
    assert loader.last("large").load_started.wait(WAIT_S)
    swapper.swap_to("medium")
    assert loader.last("large").cancelled.wait(WAIT_S)
    while len(loader.made) < 3:
        swapper.infer(0)
    assert loader.last("medium").load_started.wait(WAIT_S)
    assert swapper.close(WAIT_S)
    assert loader.last("medium").cancelled.is_set()


def test_a_cancel_that_raises_breaks_nothing(loader: FakeLoader, caplog: pytest.LogCaptureFixture) -> None:
    gate = threading.Event()

    class Stubborn(FakeBackend):
        def cancel_load(self) -> None:
            gate.set()
            raise OSError("busy")

    def load(variant: str) -> FakeBackend:
        return Stubborn(variant, gate=gate) if variant == "large" else loader(variant)

    with HotSwapper(load, "small") as swapper:
        request = swapper.swap_to("large")
        while swapper.status()["stage"] != "loading":
            swapper.infer(0)
        assert swapper.cancel()
        assert request.done
        assert ended(swapper, "medium").code == swap_codes.SWAP_COMMITTED
    assert "a backend's load could not be cancelled" in caplog.text


def test_an_inference_in_time_is_answered(loader: FakeLoader) -> None:
    with HotSwapper(loader, "small") as swapper:
        assert swapper.infer(0, timeout_s=WAIT_S) == "small"
        assert swapper.infer_detailed(0, timeout_s=WAIT_S) == ("small", "small", 1)


def test_an_inference_that_takes_too_long_goes_on_alone(loader: FakeLoader, gate: threading.Event) -> None:
    loader.script("small", on_infer=lambda _: gate.wait(WAIT_S))
    with HotSwapper(loader, "small") as swapper:
        with pytest.raises(InferenceTimeout, match=r"variant `small` .* took longer than 0\.01 s") as found:
            swapper.infer(0, timeout_s=0.01)
        assert isinstance(found.value, (InferenceError, TimeoutError))
        ended(swapper, "large")
        # It keeps its generation to its end.
        assert swapper.status()["resident"] == 2
        assert not loader.last("small").unloaded.is_set()
        gate.set()
        assert loader.last("small").unloaded.wait(WAIT_S)


def test_a_backend_that_hangs_gets_no_threads_without_end(loader: FakeLoader, gate: threading.Event) -> None:
    loader.script("small", on_infer=lambda _: gate.wait(WAIT_S))
    before = threading.active_count()
    with HotSwapper(loader, "small") as swapper:
        for _ in range(MOST_LEFT_BEHIND):
            with pytest.raises(InferenceTimeout):
                swapper.infer(0, timeout_s=0)
        for _ in range(20):
            with pytest.raises(InferenceError, match=r"16 inferences .* still run") as refused:
                swapper.infer(0, timeout_s=WAIT_S)
            assert not isinstance(refused.value, InferenceTimeout)
        assert threading.active_count() <= before + MOST_LEFT_BEHIND
        gate.set()
        # Once they have ended, there is room again.
        until = time.monotonic() + WAIT_S
        while True:
            try:
                assert swapper.infer(0, timeout_s=WAIT_S) == "small"
                break
            except InferenceError:
                assert time.monotonic() < until


def test_a_load_that_found_no_room_says_for_how_long_a_lease_has_held_it(loader: FakeLoader) -> None:
    with HotSwapper(loader, "small", load_timeout_s=0.3, max_resident=2) as swapper:
        with swapper.lease():
            ended(swapper, "medium")
            event = ended(swapper, "large")
        assert (event.code, event.stage) == (swap_codes.SWAP_TIMED_OUT, "idle")
        assert re.search(
            r"to find room: an old generation is held by a lease for [\d.]+ s now", str(event.error)
        )


def test_errors_of_a_timed_inference_come_through(loader: FakeLoader) -> None:
    loader.script("small", infer_error=ZeroDivisionError("scripted"))
    with HotSwapper(loader, "small") as swapper:
        with pytest.raises(ZeroDivisionError, match="scripted"):
            swapper.infer(0, timeout_s=WAIT_S)
        swapper.close()
        with pytest.raises(NotServing):
            swapper.infer(0, timeout_s=WAIT_S)


@pytest.mark.parametrize("timeout_s", [-1.0, float("nan")])
def test_an_inference_takes_no_negative_time(loader: FakeLoader, timeout_s: float) -> None:
    with HotSwapper(loader, "small") as swapper, pytest.raises(ValueError, match="`timeout_s`"):
        swapper.infer(0, timeout_s=timeout_s)


def test_an_inference_that_gets_no_thread_keeps_no_generation(
    loader: FakeLoader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with HotSwapper(loader, "small") as swapper:
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", refuse)
            # Kept: its traceback knows all that the call did.
            with pytest.raises(RuntimeError, match="can't start new thread") as caught:
                swapper.infer(0, timeout_s=WAIT_S)
        assert ended(swapper, "large").generation == 2
        assert loader.last("small").unloaded.wait(WAIT_S)
    assert caught.value is not None
