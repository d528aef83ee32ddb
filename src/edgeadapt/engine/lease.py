"""One generation held by the host for several inferences, which the engine observes like any others."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from edgeadapt.engine.revisions import plain

if TYPE_CHECKING:
    from edgeadapt._core import Lease
    from edgeadapt.backends.tensor_spec import TensorSpec

_L = TypeVar("_L", bound="EngineLease")


class EngineLease:
    """A context manager: inside, every `infer` is answered by the same generation, whatever is swapped meanwhile.

    Held for long, it keeps an old model in memory.
    """

    def __init__(self, lease: Lease) -> None:
        self._lease = lease

    @property
    def variant(self) -> str:
        """The variant that answers."""
        return plain(self._lease.variant)

    @property
    def generation(self) -> int:
        """The number of the commit that it serves since."""
        return self._lease.generation

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        """What `infer` takes, in order; empty where the backend can't tell."""
        return self._lease.inputs

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        """What `infer` gives, in order; empty where the backend can't tell."""
        return self._lease.outputs

    @property
    def backend(self) -> Any:
        """The loaded backend; it is unloaded some time after the lease has ended."""
        return self._lease.backend

    def infer(self, inputs: Any) -> Any:
        """Infer on the held generation."""
        return self._lease.infer(inputs)

    def release(self) -> None:
        """End the lease; a second time does nothing."""
        self._lease.release()

    def __enter__(self: _L) -> _L:  # noqa: PYI019 - typing.Self is newer than Python 3.10
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lease.release()
