"""A backend without a model, which does as it is told: for tests of what stands above backends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from edgeadapt.backends.base import BackendCapability, InferenceBackend
from edgeadapt.errors import ActivationError, NotServing
from edgeadapt.wording import did_you_mean


class FakeBackend(InferenceBackend):
    """Answers every input with `output`, by default the variant's name.

    `gate` holds `load` up until it is set; `load_error`, `infer_error` and `unload_error` are raised; `on_infer` is
    called with the inputs inside each inference. With `can_cancel`, `cancel_load` opens the gate to a failure.
    `load_started`, `cancelled` and `unloaded` can be waited for.
    """

    def __init__(
        self,
        variant: str,
        *,
        output: Any = None,
        gate: threading.Event | None = None,
        load_error: BaseException | None = None,
        infer_error: BaseException | None = None,
        unload_error: BaseException | None = None,
        on_infer: Callable[[Any], None] | None = None,
        can_cancel: bool = False,
    ) -> None:
        self.variant = variant
        self.output = variant if output is None else output
        self.load_started = threading.Event()
        self.cancelled = threading.Event()
        self.unloaded = threading.Event()
        self.unload_thread: int | None = None
        self._gate = gate
        self._load_error = load_error
        self._infer_error = infer_error
        self._unload_error = unload_error
        self._on_infer = on_infer
        self._can_cancel = can_cancel
        self._is_loaded = False

    def load(self) -> None:
        """Wait for the gate, then fail or be loaded, as told."""
        self.load_started.set()
        if self._gate is not None:
            self._gate.wait()
        if self._can_cancel and self.cancelled.is_set():
            raise ActivationError(self.variant, "loading", "it was cancelled")
        if self._load_error is not None:
            raise self._load_error
        self._is_loaded = True

    def cancel_load(self) -> None:
        """Be cancelled, as far as it can be."""
        self.cancelled.set()
        if self._can_cancel and self._gate is not None:
            self._gate.set()

    def infer(self, inputs: Any) -> Any:
        """Return the output, or fail as told."""
        if not self._is_loaded:
            raise NotServing(f"variant `{self.variant}` is not loaded")
        if self._on_infer is not None:
            self._on_infer(inputs)
        if self._infer_error is not None:
            raise self._infer_error
        return self.output

    def unload(self) -> None:
        """Be unloaded, and note the thread."""
        self._is_loaded = False
        self.unload_thread = threading.get_native_id()
        self.unloaded.set()
        if self._unload_error is not None:
            raise self._unload_error

    @property
    def is_loaded(self) -> bool:
        """Whether it is between `load` and `unload`."""
        return self._is_loaded

    @property
    def capabilities(self) -> BackendCapability:
        """A backend that takes anything."""
        return BackendCapability("fake", dynamic_shapes=True, concurrent_infer=True)


class FakeLoader:
    """A loader of fake backends for the named variants; `script` says how the next ones of a variant behave.

    >>> loader = FakeLoader("small", "large")
    >>> loader.script("large", load_error=MemoryError("scripted"))
    >>> loader("small").variant
    'small'
    """

    def __init__(self, *variants: str) -> None:
        self.made: list[FakeBackend] = []
        self._scripts: dict[str, dict[str, Any]] = {variant: {} for variant in variants}

    def script(self, variant: str, **behaviour: Any) -> None:
        """Give FakeBackend's keyword arguments for the backends of `variant` made from now on."""
        self._scripts[variant] = behaviour

    def last(self, variant: str) -> FakeBackend:
        """Return the backend made last for `variant`; raises LookupError when there is none."""
        for backend in reversed(self.made):
            if backend.variant == variant:
                return backend
        raise LookupError(f"no backend was made for `{variant}`")

    def __call__(self, variant: str) -> FakeBackend:
        """Make the backend; raises ActivationError for a variant that was not named."""
        if variant not in self._scripts:
            raise ActivationError(
                variant, "checking", f"there is no such variant; {did_you_mean(variant, self._scripts)}"
            )
        backend = FakeBackend(variant, **self._scripts[variant])
        self.made.append(backend)
        return backend
