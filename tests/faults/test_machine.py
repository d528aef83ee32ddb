"""Any sequence of requests, loads, inferences and leases does what the plain model beside it does."""

from __future__ import annotations

import threading
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from edgeadapt.backends.base import BackendCapability, InferenceBackend
from edgeadapt.registry.activation import Probation
from edgeadapt.swapper.event import SwapEvent
from edgeadapt.swapper.request import SwapRequest
from edgeadapt.swapper.swapper import HotSwapper
from tests.faults.model import SwapperModel, Told, Wish
from tests.faults.points import WAIT_S

VARIANTS = ("a", "b", "c", "d")
ROOM_FOR_ALL = 1000


class GatedBackend(InferenceBackend):
    """A load that ends when and as it is told; it answers with its own number."""

    def __init__(self, variant: str, number: int) -> None:
        self.variant = variant
        self.number = number
        self.started = threading.Event()
        self.unloads = 0
        self.unloaded = threading.Event()
        self._gate = threading.Event()
        self._fails = False

    def end(self, fails: bool) -> None:
        self._fails = fails
        self._gate.set()

    def load(self) -> None:
        self.started.set()
        assert self._gate.wait(2 * WAIT_S)
        if self._fails:
            raise OSError("scripted")

    def infer(self, inputs: Any) -> Any:
        if inputs == "fail":
            raise ZeroDivisionError("scripted")
        return self.number

    def unload(self) -> None:
        self.unloads += 1
        self.unloaded.set()

    @property
    def is_loaded(self) -> bool:
        return not self.unloads

    @property
    def capabilities(self) -> BackendCapability:
        return BackendCapability("gated")


class SwapperMachine(RuleBasedStateMachine):
    """Every rule asks both, and waits until the swapper is as far as the model says."""

    @initialize(probation=st.sampled_from([None, (3, 0), (4, 1)]))
    def start(self, probation: tuple[int, int] | None) -> None:
        self.made: list[GatedBackend] = []
        self.events: list[SwapEvent] = []
        self.leases: list[tuple[Any, int, int]] = []
        self.handles: dict[Wish, SwapRequest] = {}
        self.model = SwapperModel(probation)
        self.model.swap_to("a")
        rules = None if probation is None else Probation(probation[0], 3600.0, probation[1])
        self.ready = threading.Condition()

        def make(variant: str) -> GatedBackend:
            with self.ready:
                backend = GatedBackend(variant, len(self.made) + 1)
                if not self.made:
                    backend.end(fails=False)
                self.made.append(backend)
                self.ready.notify_all()
            return backend

        self.swapper = HotSwapper(
            make, "a", probation=rules, on_event=self.events.append, max_resident=ROOM_FOR_ALL
        )
        self.model.begin()
        self.model.finish(fails=False)

    @rule(variant=st.sampled_from(VARIANTS))
    def swap_to(self, variant: str) -> None:
        self.model.swap_to(variant)
        self.follow(self.swapper.swap_to(variant))

    @rule(variant=st.sampled_from(VARIANTS))
    def preload(self, variant: str) -> None:
        self.model.preload(variant)
        self.follow(self.swapper.preload(variant))

    @rule()
    def roll_back(self) -> None:
        if self.model.rollback():
            self.follow(self.swapper.rollback())
            return
        try:
            self.swapper.rollback()
        except ValueError:
            return
        raise AssertionError("there was nothing to go back to")

    @rule()
    def cancel(self) -> None:
        assert self.swapper.cancel() == self.model.cancel()
        self.follow()

    @precondition(lambda self: self.model.begun is not None)
    @rule(fails=st.booleans())
    def finish_load(self, fails: bool) -> None:
        backend = self.made[-1]
        is_abandoned = self.model.begun.is_done
        handle = self.handles[self.model.begun]
        self.model.finish(fails)
        backend.end(fails)
        assert handle.wait(WAIT_S) is not None
        if is_abandoned or fails:
            assert backend.unloaded.wait(WAIT_S)
        self.follow()

    @rule(fails=st.booleans())
    def infer(self, fails: bool) -> None:
        load, number = self.model.active.load, self.model.active.number
        try:
            answer = self.swapper.infer_detailed("fail" if fails else "go")
        except ZeroDivisionError:
            assert fails
        else:
            assert not fails
            assert answer == (load, self.model.active.variant, number)
        self.model.inferred(number, fails)

    @precondition(lambda self: len(self.leases) < 4)
    @rule()
    def hold(self) -> None:
        lease = self.swapper.lease()
        assert (lease.variant, lease.generation) == (self.model.active.variant, self.model.active.number)
        self.leases.append((lease, self.model.active.load, self.model.active.number))

    @precondition(lambda self: self.leases)
    @rule(data=st.data(), fails=st.booleans())
    def infer_on_a_lease(self, data: st.DataObject, fails: bool) -> None:
        lease, load, number = data.draw(st.sampled_from(self.leases), "lease")
        try:
            assert lease.infer("fail" if fails else "go") == load
        except ZeroDivisionError:
            assert fails
        self.model.inferred(number, fails)

    @precondition(lambda self: self.leases)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        index = data.draw(st.integers(0, len(self.leases) - 1), "lease")
        self.leases.pop(index)[0].release()

    @invariant()
    def both_are_the_same(self) -> None:
        if not hasattr(self, "swapper"):
            return
        model, status, counters = self.model, self.swapper.status(), self.swapper.counters()
        assert (status["active"], status["generation"]) == (model.active.variant, model.active.number)
        wish, spare = model.open_swap, model.open_preload
        assert status["requested"] == (None if wish is None else wish.variant)
        assert status["preloading"] == (None if spare is None else spare.variant)
        assert sorted(status["preloaded"]) == sorted(model.preloaded)
        assert status["previous"] == model.previous
        assert (status["probation"] is None) == (model.kept is None)
        assert {name: counters[name] for name in model.counters} == model.counters
        for load in self.needed():
            assert self.made[load - 1].unloads == 0

    def teardown(self) -> None:
        if not hasattr(self, "swapper"):
            return
        self.model.close()
        self.swapper.close(0.0)
        if self.model.begun is not None:
            self.made[-1].end(fails=False)
        for lease, load, _ in self.leases:
            assert lease.infer("go") == load
            lease.release()
        assert self.swapper.close(WAIT_S)
        told = [Told(event.code, event.variant, event.kind, event.generation) for event in self.events]
        # Nothing serves any more when a close is told of, so that its numbers are not compared.
        assert told == self.model.told
        for backend in self.made:
            assert backend.unloaded.wait(WAIT_S)
            assert backend.unloads == 1

    def needed(self) -> set[int]:
        """Return the loads that must be there now."""
        kept = {self.model.kept.load} if self.model.kept is not None else set()
        return {
            self.model.active.load,
            *kept,
            *self.model.preloaded.values(),
            *(load for _, load, _ in self.leases),
        }

    def follow(self, request: SwapRequest | None = None) -> None:
        """Wait until the loader has taken what the model's has; `request` is what the last call gave."""
        for wish in (self.model.open_swap, self.model.open_preload):
            if request is not None and wish is not None and wish.variant == request.variant:
                self.handles[wish] = request
        wish = self.model.begin()
        if wish is None:
            return
        with self.ready:
            assert self.ready.wait_for(lambda: len(self.made) == self.model.loads, WAIT_S)
        assert self.made[-1].variant == wish.variant
        assert self.made[-1].started.wait(WAIT_S)


SwapperMachine.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestSwapperMachine = SwapperMachine.TestCase
