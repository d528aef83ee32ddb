"""Probation: the previous variant is kept after a swap, and inference errors bring it back."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from edgeadapt import swap_codes
from edgeadapt.backends.adapter import Adapted
from edgeadapt.backends.admission import Transition
from edgeadapt.backends.base import InferenceBackend
from edgeadapt.backends.fake import FakeLoader
from edgeadapt.errors import InferenceTimeout, InputError, NotServing
from edgeadapt.registry.activation import Probation
from edgeadapt.swapper.event import SwapEvent
from edgeadapt.swapper.swapper import HotSwapper

WAIT_S = 30.0
RULES = Probation(inferences=100, seconds=3600.0, errors=1)


@pytest.fixture
def loader() -> FakeLoader:
    return FakeLoader("good", "bad", "other")


@pytest.fixture
def events() -> list[SwapEvent]:
    return []


@pytest.fixture
def swapper(loader: FakeLoader, events: list[SwapEvent]) -> Iterator[HotSwapper]:
    with HotSwapper(loader, "good", probation=RULES, on_event=events.append) as swapper:
        yield swapper


def infer_badly(swapper: HotSwapper, error: type[BaseException] = ZeroDivisionError) -> None:
    with pytest.raises(error):
        swapper.infer(0)


def test_too_many_errors_bring_the_previous_variant_back_at_once(
    swapper: HotSwapper, loader: FakeLoader, events: list[SwapEvent]
) -> None:
    last = ZeroDivisionError("scripted")
    loader.script("bad", infer_error=last)
    swapper.swap_to("bad").wait(WAIT_S)
    assert not loader.last("good").unloaded.is_set()
    infer_badly(swapper)
    status = swapper.status()
    assert (status["active"], status["previous"]) == ("bad", "good")
    assert (status["probation"]["errors"], status["probation"]["inferences"]) == (1, 1)
    with swapper.lease() as lease, pytest.raises(ZeroDivisionError):
        lease.infer(0)
    assert (swapper.infer(0), swapper.generation) == ("good", 3)
    assert len(loader.made) == 2
    assert loader.last("bad").unloaded.wait(WAIT_S)
    swapper.close()
    event = events[-1]
    assert (event.code, event.variant, event.previous) == (swap_codes.SWAP_ROLLED_BACK, "good", "bad")
    assert (event.error, event.kind, event.generation) == (last, "rollback", 3)
    counters = swapper.counters()
    assert (counters["rolled_back"], counters["attempted"], counters["succeeded"]) == (1, 2, 2)


@pytest.mark.parametrize("error", [InputError, NotServing, KeyboardInterrupt, SystemExit])
def test_what_the_caller_got_wrong_does_not_count(
    swapper: HotSwapper, loader: FakeLoader, error: type[BaseException]
) -> None:
    loader.script("bad", infer_error=error("scripted"))
    swapper.swap_to("bad").wait(WAIT_S)
    for _ in range(5):
        infer_badly(swapper, error)
    assert (swapper.active_variant, swapper.status()["probation"]["errors"]) == ("bad", 0)


def test_a_time_out_is_the_callers_wish_and_counts_neither_for_nor_against_a_variant(
    swapper: HotSwapper, loader: FakeLoader
) -> None:
    leave = threading.Event()
    loader.script("bad", on_infer=lambda _: leave.wait(WAIT_S))
    swapper.swap_to("bad").wait(WAIT_S)
    for _ in range(5):
        with pytest.raises(InferenceTimeout):
            swapper.infer(0, timeout_s=0)
    probation = swapper.status()["probation"]
    assert (probation["variant"], probation["errors"], probation["inferences"]) == ("bad", 0, 0)
    leave.set()


def test_what_a_hosts_adapter_raises_before_the_model_does_not_count(loader: FakeLoader) -> None:
    class Adapting:
        def admit(self, variant: str, active: str | None) -> Transition:
            return Transition.BESIDE

        def warm(self, variant: str, backend: InferenceBackend) -> None: ...

        def validate(self, variant: str, backend: InferenceBackend) -> Adapted:
            return Adapted(backend.infer, (), (), before=lambda number: 1 / number)

        def release(self, variant: str) -> None: ...

    loader.script("bad", infer_error=OSError("scripted"))
    rules = Probation(inferences=100, seconds=3600.0, errors=0)
    with HotSwapper(loader, "good", preparation=Adapting(), probation=rules) as swapper:
        swapper.swap_to("other").wait(WAIT_S)
        infer_badly(swapper)
        with pytest.raises(ZeroDivisionError):
            swapper.infer(0, timeout_s=WAIT_S)
        probation = swapper.status()["probation"]
        assert (probation["variant"], probation["errors"], probation["inferences"]) == ("other", 0, 0)
        assert swapper.infer(1) == "other"
        # What the model itself raises does.
        swapper.swap_to("bad").wait(WAIT_S)
        with pytest.raises(OSError, match="scripted"):
            swapper.infer(1)
        assert swapper.infer(1) == "other"


def test_enough_answers_let_the_previous_variant_go(loader: FakeLoader) -> None:
    with HotSwapper(loader, "good", probation=Probation(inferences=3, seconds=3600.0, errors=0)) as swapper:
        swapper.swap_to("other").wait(WAIT_S)
        for _ in range(3):
            assert swapper.infer(0) == "other"
        assert loader.last("good").unloaded.wait(WAIT_S)
        assert swapper.status()["probation"] is None


def test_its_time_lets_the_previous_variant_go(loader: FakeLoader) -> None:
    rules = Probation(inferences=1000, seconds=0.01, errors=0)
    with HotSwapper(loader, "good", probation=rules) as swapper:
        swapper.swap_to("other").wait(WAIT_S)
        assert loader.last("good").unloaded.wait(WAIT_S)
        assert swapper.infer(0) == "other"


def test_an_operator_rolls_back_at_once_where_it_is_kept_and_by_a_load_where_not(loader: FakeLoader) -> None:
    heard: list[tuple[str, ...]] = []
    with HotSwapper(
        loader,
        "good",
        on_swap_start=lambda *told: heard.append(("start", *told)),
        on_swap_complete=lambda *told: heard.append(("complete", *told)),
    ) as swapper:
        with pytest.raises(ValueError, match="there is no variant to roll back to"):
            swapper.rollback()
        swapper.swap_to("other").wait(WAIT_S)
        request = swapper.rollback()
        event = request.wait(WAIT_S)
        assert event is not None
        assert (event.code, event.variant, event.previous) == (swap_codes.SWAP_ROLLED_BACK, "good", "other")
        assert event.error is None
        assert (swapper.infer(0), len(loader.made)) == ("good", 3)
        with pytest.raises(ValueError, match="there is no variant to roll back to"):
            swapper.rollback()
    assert heard == [
        ("start", "good", "other"),
        ("complete", "good", "other"),
        ("start", "other", "good"),
        ("complete", "other", "good"),
    ]


def test_a_rollback_within_the_probation_needs_no_load(swapper: HotSwapper, loader: FakeLoader) -> None:
    swapper.swap_to("other").wait(WAIT_S)
    assert swapper.rollback().done
    assert (swapper.infer(0), len(loader.made)) == ("good", 2)


def test_an_automatic_rollback_is_told_as_a_fallback(loader: FakeLoader) -> None:
    heard: list[tuple[str, object]] = []
    error = ZeroDivisionError("scripted")
    loader.script("bad", infer_error=error)
    with HotSwapper(loader, "good", probation=RULES, on_fallback=lambda *told: heard.append(told)) as swapper:
        swapper.swap_to("bad").wait(WAIT_S)
        for _ in range(2):
            infer_badly(swapper)
    assert heard == [("bad", error)]


def test_rules_that_make_no_probation_are_a_wrong_call(loader: FakeLoader) -> None:
    with pytest.raises(TypeError, match="`probation` is a Probation or None, not `5`"):
        HotSwapper(loader, "good", probation=5)  # type: ignore[arg-type] # the mistake under test
