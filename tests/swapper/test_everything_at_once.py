"""Readers on, and all at once: swaps, preloads, rollbacks by request and by errors, cancels, time-outs and gaps."""

from __future__ import annotations

import contextlib
import random
import threading
from collections.abc import Callable
from typing import Any

import pytest

from edgeadapt.backends.admission import Transition
from edgeadapt.backends.base import InferenceBackend
from edgeadapt.backends.fake import FakeBackend, FakeLoader
from edgeadapt.errors import InferenceTimeout
from edgeadapt.registry.activation import Probation
from edgeadapt.swapper.swapper import HotSwapper

WAIT_S = 60.0
ORDERS = 250
VARIANTS = ("a", "b", "big", "flaky", "fails", "slow", "nothing")


class Checks:
    """Only `big` does not fit beside another one."""

    def admit(self, variant: str, active: str | None) -> Transition:
        return Transition.GAP if variant == "big" and active is not None else Transition.BESIDE

    def warm(self, variant: str, backend: InferenceBackend) -> None:
        assert backend.is_loaded

    def validate(self, variant: str, backend: InferenceBackend) -> Callable[[Any], Any] | None:
        return None

    def release(self, variant: str) -> None: ...


def loader() -> FakeLoader:
    made = FakeLoader(*VARIANTS[:-1])
    made.script("flaky", infer_error=ZeroDivisionError("scripted"))
    made.script("fails", load_error=MemoryError("scripted"))
    return made


def read_on(swapper: HotSwapper, is_over: threading.Event, problems: list[str]) -> None:
    last = 0
    while not is_over.is_set():
        try:
            answer, variant, generation = swapper.infer_detailed(0, timeout_s=random.choice((None, 1.0)))
        except (ZeroDivisionError, InferenceTimeout):
            continue
        except Exception as error:  # noqa: BLE001 - any other error at all is the test's failure
            problems.append(repr(error))
            return
        if answer != variant:
            problems.append(f"{variant} answered {answer}")
        if generation < last:
            problems.append(f"generation {generation} after {last}")
        last = generation


def order_on(swapper: HotSwapper, seed: int, problems: list[str]) -> None:
    chance = random.Random(seed)
    for _ in range(ORDERS):
        variant = chance.choice(VARIANTS)
        order = chance.randrange(8)
        try:
            if order == 0:
                request = swapper.preload(variant)
            elif order == 1:
                swapper.cancel()
                continue
            elif order == 2:
                request = swapper.rollback()
            else:
                request = swapper.swap_to(variant)
        except ValueError:
            continue
        if chance.random() < 0.4 and request.wait(WAIT_S) is None:
            problems.append(f"{variant} never ended")
        if swapper.status()["resident"] > 3:
            problems.append("more than three are resident")


def one_of_each(swapper: HotSwapper) -> None:
    """Make up for what chance has left out."""

    def is_missing(name: str) -> bool:
        return swapper.counters()[name] == 0

    while is_missing("failed"):
        swapper.swap_to("fails").wait(WAIT_S)
    while is_missing("timed_out"):
        swapper.swap_to("slow").wait(WAIT_S)
    while is_missing("preloaded"):
        swapper.preload("b").wait(WAIT_S)
    while is_missing("cancelled"):
        swapper.swap_to("slow")
        swapper.cancel()
    while is_missing("superseded") or is_missing("joined"):
        for variant in ("slow", "slow", "fails"):
            swapper.swap_to(variant)
    while is_missing("rolled_back"):
        swapper.swap_to("a" if swapper.active_variant == "b" else "b").wait(WAIT_S)
        with contextlib.suppress(ValueError):
            swapper.rollback().wait(WAIT_S)


@pytest.mark.timeout(110)
def test_every_inference_is_answered_by_one_whole_generation() -> None:
    fake = loader()
    made: list[FakeBackend] = []

    def load(variant: str) -> FakeBackend:
        if variant == "slow":
            fake.script("slow", gate=threading.Event(), can_cancel=True)
        backend = fake(variant)
        made.append(backend)
        return backend

    problems: list[str] = []
    is_over = threading.Event()
    with HotSwapper(
        load,
        "a",
        preparation=Checks(),
        load_timeout_s=0.1,
        gap_timeout_s=WAIT_S,
        probation=Probation(inferences=50, seconds=0.05, errors=2),
    ) as swapper:
        readers = [threading.Thread(target=read_on, args=(swapper, is_over, problems)) for _ in range(3)]
        orderers = [threading.Thread(target=order_on, args=(swapper, seed, problems)) for seed in range(2)]
        for thread in (*readers, *orderers):
            thread.start()
        for thread in orderers:
            thread.join()
        one_of_each(swapper)
        is_over.set()
        for thread in readers:
            thread.join()
        assert swapper.close(WAIT_S)
        counters = swapper.counters()
    assert problems == []
    ends = ("succeeded", "failed", "superseded", "cancelled", "timed_out")
    assert counters["attempted"] == sum(counters[name] for name in ends)
    assert all(backend.unloaded.is_set() for backend in made)
    threads = {backend.unload_thread for backend in made}
    assert len(threads) == 1, "every backend is unloaded on the reaper's thread"
