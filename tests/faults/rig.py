"""A swapper over real small models, with readers that never stop and a fault to come; what must hold afterwards, whatever came."""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from edgeadapt import swap_codes
from edgeadapt.backends import default_loader
from edgeadapt.backends.admission import LEDGER
from edgeadapt.backends.base import InferenceBackend
from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.registry.family import ModelFamily
from edgeadapt.registry.variant import Golden, ModelVariant, SessionOptions
from edgeadapt.swapper.event import SwapEvent
from edgeadapt.swapper.request import SwapRequest
from edgeadapt.swapper.swapper import HotSwapper
from tests.faults import models
from tests.faults.points import WAIT_S, Hold, Points
from tests.faults.readers import Readers
from tests.faults.traced import Stage, Trace, TracedBackend, TracedPreparation

ENDS = ("succeeded", "failed", "superseded", "cancelled", "timed_out")
# Long enough for a load on a machine that is busy with others, short enough to wait for.
SHORT_LOAD_S = 1.0


class Rig:
    """One scenario's family `a` to `d`, whose `a` serves first, and everything that is watched.

    A scenario prepares files and points, calls `start`, does its worst, and leaves; `finish` asserts the invariants.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.points = Points()
        self.stage = Stage()
        self.traces: list[Trace] = []
        self.events: list[SwapEvent] = []
        self.available_mb: float | None = None
        self.has_native = True
        self.is_elsewhere = False
        self._declared: dict[str, str] = {}
        self._golden: dict[str, Golden] = {}
        for name in models.GOOD:
            self.path(name).write_bytes(models.good(name))
        # With the first model the runtime starts a thread for the process, which bears its maker's name: not a swapper's.
        first = ONNXBackend(ModelVariant("first", str(self.path("a"))))
        first.load()
        first.unload()
        self._threads_before = own_threads()
        self.swapper: HotSwapper
        self.readers: Readers
        self.preparation: TracedPreparation

    def path(self, variant: str) -> Path:
        return self.folder / f"{variant}.onnx"

    def damage(self, variant: str, content: bytes) -> None:
        """Let the variant's file be another one from the start; what it answers is nobody's business then."""
        self.path(variant).write_bytes(content)

    def declare(self, variant: str) -> None:
        """Declare the sha256 of the variant's file as it is now."""
        self._declared[variant] = hashlib.sha256(self.path(variant).read_bytes()).hexdigest()

    def golden(self, variant: str, outputs: np.ndarray[Any, Any] | None = None) -> Path:
        """Give the variant golden files, by default right ones; returns that of the outputs."""
        inputs_path, outputs_path = self.folder / f"{variant}_in.npz", self.folder / f"{variant}_out.npz"
        np.savez(inputs_path, x=models.inputs()[0])
        np.savez(outputs_path, y=models.expected(variant)[0] if outputs is None else outputs)
        self._golden[variant] = Golden(str(inputs_path), str(outputs_path))
        return outputs_path

    def start(self, **options: Any) -> None:
        """Let `a` serve, and the readers ask."""
        family = ModelFamily("faults")
        for name in models.GOOD:
            family.add_variant(
                name,
                self.path(name),
                sha256=self._declared.get(name),
                golden=self._golden.get(name),
                session=SessionOptions(intra_op_num_threads=1),
            )
        self.preparation = TracedPreparation(
            family, points=self.points, stage=self.stage, available_mb=self._memory_left
        )
        heard = options.pop("on_event", None)

        def hear(event: SwapEvent) -> None:
            self.events.append(event)
            if heard is not None:
                heard(event)

        self.swapper = HotSwapper(
            self._loader(default_loader(family)), "a", preparation=self.preparation, on_event=hear, **options
        )
        known = {name: models.expected(name) for name in models.GOOD}
        self.readers = Readers(self.swapper, models.inputs(), known)
        self.readers.start()
        self.readers.progress(1)

    def _memory_left(self) -> float | None:
        if self.available_mb is not None:
            self.points.count("memory")
        return self.available_mb

    def _loader(self, make: Callable[..., InferenceBackend]) -> Callable[..., InferenceBackend]:
        def load(variant: str, **how: Any) -> InferenceBackend:
            self.points.reach("open", variant)
            inner = make(variant, **how)
            trace = Trace(variant)
            self.traces.append(trace)
            self.points.reach("opened", variant)
            return TracedBackend(inner, trace, self.points, self.stage, self.has_native)

        return load

    def trace(self, variant: str) -> Trace:
        """Return what happened to the variant's latest backend."""
        return next(trace for trace in reversed(self.traces) if trace.variant == variant)

    def trace_is_destroyed(self, variant: str) -> bool:
        """Say whether the variant's latest backend is gone; there may be none."""
        return any(trace.variant == variant and trace.is_destroyed.is_set() for trace in self.traces)

    def await_cancel(self, variant: str) -> None:
        """Wait until the variant's latest load was asked to end."""
        trace = self.trace(variant)
        while trace.cancels == 0:
            self.readers.progress(1)

    def ended(self, request: SwapRequest) -> SwapEvent:
        event = request.wait(WAIT_S)
        assert event is not None, f"{request!r} did not end"
        return event

    def swap(self, variant: str) -> SwapEvent:
        return self.ended(self.swapper.swap_to(variant))

    def committed(self, variant: str) -> SwapEvent:
        """Swap, and see the readers be answered by the variant."""
        event = self.swap(variant)
        assert event.code == swap_codes.SWAP_COMMITTED, event
        self.readers.await_variant(variant)
        return event

    def refused(self, variant: str, code: str, stage: str) -> SwapEvent:
        """Swap in vain: what served goes on."""
        before = self.swapper.infer_detailed(models.inputs()[0])[1:]
        event = self.swap(variant)
        assert (event.code, event.stage) == (code, stage), event
        assert self.swapper.infer_detailed(models.inputs()[0])[1:] == before
        self.readers.progress()
        return event

    @contextlib.contextmanager
    def straggler(self, variant: str, error: BaseException | None = None) -> Iterator[Straggler]:
        """Keep one inference in the variant's active generation until the block ends; then it may fail."""
        straggler = Straggler(self, variant, error)
        try:
            yield straggler
        finally:
            straggler.join()

    def settle(self) -> None:
        """Wait until nothing but the active generation is resident."""
        while self.swapper.status()["resident"] != 1:
            self.readers.progress(1)

    def finish(self) -> None:
        """Close what is open and assert that every promise was kept."""
        if self.is_elsewhere:
            # A process of its own did all that.
            return
        if not self.swapper.status()["closed"]:
            self.points.heal()
            self.readers.progress()
            self.settle()
            self.readers.expect_the_end()
            assert self.swapper.close(WAIT_S)
        self.readers.end()
        assert self.swapper.close(WAIT_S)
        assert self.readers.problems == []
        self._assert_counted()
        self._assert_destroyed()
        assert sorted(self.preparation.released) == sorted(self.preparation.reserved)
        assert LEDGER.promised_mb() == 0
        self._assert_alone()
        assert open_files_in(self.folder) == []

    def _assert_counted(self) -> None:
        counters = self.swapper.counters()
        assert counters["attempted"] == sum(counters[end] for end in ENDS), counters
        serving = (swap_codes.SWAP_COMMITTED, swap_codes.SWAP_ROLLED_BACK)
        became = [(event.generation, event.variant) for event in self.events if event.code in serving]
        assert became == sorted(became), "generations are told in their order"
        assert len({number for number, _ in became}) == len(became), "no number is given twice"
        assert self.readers.served <= set(became), "nothing serves that was not committed"

    def _assert_destroyed(self) -> None:
        serving_threads = self.readers.threads | {threading.get_native_id()}
        for trace in self.traces:
            assert trace.is_destroyed.is_set(), f"{trace} is left"
            assert trace.unloads == 1, trace
            assert trace.unload_thread not in serving_threads, trace

    def _assert_alone(self) -> None:
        # The system lists a thread for a moment after it was joined.
        until = time.monotonic() + WAIT_S
        while own_threads() - self._threads_before and time.monotonic() < until:
            os.sched_yield()
        assert own_threads() - self._threads_before == set()

    def abandon(self) -> None:
        """After a failure: leave nothing that hangs."""
        self.points.heal()
        if hasattr(self, "readers"):
            self.readers.expect_the_end()
            self.swapper.close(WAIT_S)
            self.readers.end()


class Straggler:
    """A thread with one inference that stays inside the generation that was active when it began."""

    def __init__(self, rig: Rig, variant: str, error: BaseException | None = None) -> None:
        assert not rig.has_native, "a native inference has no point to wait at"
        self.hold: Hold = rig.points.new_hold()

        def linger() -> None:
            self.hold()
            if error is not None:
                raise error

        rig.points.put("drain", variant, linger)
        self.answer: Any = None
        self.error: BaseException | None = None
        self._rig = rig
        self._thread = threading.Thread(target=self._infer, name="straggler")
        self._thread.start()
        self.hold.await_reached()

    def _infer(self) -> None:
        self._rig.readers.threads.add(threading.get_native_id())
        self._rig.stage.name = "drain"
        try:
            self.answer = self._rig.swapper.infer(models.inputs()[0])
        except Exception as error:  # noqa: BLE001 - the scenario looks at it
            self.error = error

    def join(self) -> None:
        """Let the inference end, and wait for that."""
        self.hold.let_go()
        self._thread.join(WAIT_S)
        assert not self._thread.is_alive()


def own_threads() -> set[str]:
    """Return the native threads of swappers that there are now."""
    found = set()
    for task in os.listdir("/proc/self/task"):
        with contextlib.suppress(OSError):  # it may end meanwhile
            name = Path(f"/proc/self/task/{task}/comm").read_text().strip()
            if name.startswith("ea-"):
                found.add(f"{name} {task}")
    return found


def open_files_in(folder: Path) -> list[str]:
    """Return what this process has open below a folder."""
    found = []
    for descriptor in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):  # the listing's own is closed already
            target = os.readlink(f"/proc/self/fd/{descriptor}")
            if target.startswith(str(folder)):
                found.append(target)
    return found
