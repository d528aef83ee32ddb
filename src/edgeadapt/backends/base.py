"""What the swapper needs of an inference runtime; implement it to serve with another one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from edgeadapt.backends.tensor_spec import TensorSpec


@attrs.frozen
class BackendCapability:
    """What a loaded backend can do; the names are empty before it is loaded."""

    backend: str
    dynamic_shapes: bool = False
    max_batch: int | None = None
    """The largest first dimension of the inputs, or None where the model leaves it open."""
    concurrent_infer: bool = False
    """Whether several threads may run `infer` at once; the swapper does not serialise them."""
    quantized: bool = False
    """Whether the model has operators or weights of quantized numbers."""
    input_names: tuple[str, ...] = ()
    output_names: tuple[str, ...] = ()


class InferenceBackend(ABC):
    """One variant's model in one inference runtime.

    The swapper makes a new one for each activation. It calls `load` once, on its loader's thread; `infer` from whatever
    threads serve; and `unload` on its reaper's thread, once no inference is in progress and no lease is held any more,
    also after a `load` that failed.
    """

    @abstractmethod
    def load(self) -> None:
        """Make the model ready to serve; raise ActivationError where it can't be."""

    @abstractmethod
    def infer(self, inputs: Any) -> Any:
        """Return the model's answer: one output as it is, several as a dict by name."""

    @abstractmethod
    def unload(self) -> None:
        """Free what `load` took; does nothing when nothing is loaded."""

    @property
    @abstractmethod
    def is_loaded(self) -> bool:
        """Whether `infer` would be answered."""

    @property
    @abstractmethod
    def capabilities(self) -> BackendCapability:
        """What it can do, as far as is known before it is loaded."""

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        """What the loaded model takes, in its order; empty where the backend can't tell."""
        return ()

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        """What the loaded model gives, in its order; empty where the backend can't tell."""
        return ()

    def cancel_load(self) -> None:  # noqa: B027 - optional on purpose: few runtimes can
        """Ask a `load` in progress to end soon, by an error; called on any thread, and does nothing by default."""
