"""The real parts of an activation with points between their steps: the loader, its backends, the preparation."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import attrs

from edgeadapt.backends.base import BackendCapability, InferenceBackend
from edgeadapt.backends.preparation import Preparation, Transition
from edgeadapt.backends.tensor_spec import TensorSpec
from tests.faults.points import Points


@attrs.define(eq=False)
class Trace:
    """What happened to one backend."""

    variant: str
    loads: int = 0
    cancels: int = 0
    unloads: int = 0
    unload_thread: int = 0
    is_destroyed: threading.Event = attrs.field(factory=threading.Event)


class TracedBackend(InferenceBackend):
    """A real backend with points before its file is parsed (`parse`), after its session is made (`init`), before each
    inference (`warm-up`, `golden` on the loader's thread; `drain` on a thread that says so) and before its `unload`."""

    def __init__(
        self, inner: InferenceBackend, trace: Trace, points: Points, stage: Stage, native: bool
    ) -> None:
        self._inner = inner
        self._trace = trace
        self._points = points
        self._stage = stage
        self._has_native = native

    def load(self) -> None:
        self._trace.loads += 1
        self._points.reach("parse", self._trace.variant)
        self._inner.load()
        self._points.reach("init", self._trace.variant)

    def infer(self, inputs: Any) -> Any:
        point = self._stage.here()
        if point:
            # What is asked while it is validated are the golden inputs.
            self._points.reach("golden" if point == "contract" else point, self._trace.variant)
        return self._inner.infer(inputs)

    def unload(self) -> None:
        self._trace.unloads += 1
        self._trace.unload_thread = threading.get_native_id()
        try:
            self._points.reach("unload", self._trace.variant)
        finally:
            self._inner.unload()
            self._trace.is_destroyed.set()

    def cancel_load(self) -> None:
        self._trace.cancels += 1
        self._inner.cancel_load()

    @property
    def native(self) -> Any:
        """The real backend's native session, so that readers take the quick path where no point is in it."""
        return getattr(self._inner, "native", None) if self._has_native else None

    @property
    def is_loaded(self) -> bool:
        return self._inner.is_loaded

    @property
    def capabilities(self) -> BackendCapability:
        return self._inner.capabilities

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        if self._stage.here() == "contract":
            self._points.reach("contract", self._trace.variant)
        return self._inner.inputs

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        return self._inner.outputs


class Stage(threading.local):
    """What a thread is about: the loader's, which step; a reader's, nothing; a straggler's, `drain`."""

    name = ""

    def here(self) -> str:
        return self.name


class TracedPreparation(Preparation):
    """The real preparation, which says where it is; `commit` is a point after all is checked."""

    def __init__(self, *given: Any, points: Points, stage: Stage, **options: Any) -> None:
        super().__init__(*given, **options)
        self._points = points
        self._stage = stage
        self.reserved: list[str] = []
        self.released: list[str] = []

    def admit(self, variant: str, active: str | None) -> Transition:
        transition = super().admit(variant, active)
        self.reserved.append(variant)
        return transition

    def release(self, variant: str) -> None:
        self.released.append(variant)
        super().release(variant)

    def warm(self, variant: str, backend: InferenceBackend) -> None:
        self._stage.name = "warm-up"
        try:
            super().warm(variant, backend)
        finally:
            self._stage.name = ""

    def validate(self, variant: str, backend: InferenceBackend) -> Callable[[Any], Any] | None:
        self._stage.name = "contract"
        try:
            adapted = super().validate(variant, backend)
        finally:
            self._stage.name = ""
        self._points.reach("commit", variant)
        return adapted
