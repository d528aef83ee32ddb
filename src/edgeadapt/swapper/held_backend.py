"""The backend that `get_backend` returns: while it is held, its generation lives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from edgeadapt import _core
from edgeadapt.backends.base import BackendCapability, InferenceBackend

if TYPE_CHECKING:
    from edgeadapt.backends.tensor_spec import TensorSpec


class HeldBackend(InferenceBackend):
    """A serving backend with a lease on its generation; whatever else the backend has can be read from it too."""

    def __init__(self, lease: _core.Lease) -> None:
        self._lease = lease

    def load(self) -> None:
        """Do nothing: it is loaded as long as it is held."""

    def infer(self, inputs: Any) -> Any:
        """Run the backend; raises NotServing after `unload`."""
        return self._lease.infer(inputs)

    def unload(self) -> None:
        """End the lease; the swapper unloads the backend once nobody uses it."""
        self._lease.release()

    @property
    def is_loaded(self) -> bool:
        """Whether the lease lasts."""
        return self._lease.is_held

    @property
    def capabilities(self) -> BackendCapability:
        """What the backend can do."""
        capabilities: BackendCapability = self._lease.backend.capabilities
        return capabilities

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        """What `infer` takes; empty where nobody can tell."""
        return self._lease.inputs

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        """What `infer` gives; empty where nobody can tell."""
        return self._lease.outputs

    def __getattr__(self, name: str) -> Any:
        # Only for what is not found here; `_lease` itself is missing while an instance is copied or unpickled.
        if name == "_lease":
            raise AttributeError(name)
        return getattr(self._lease.backend, name)

    def __repr__(self) -> str:
        return f"HeldBackend({self._lease.backend!r})" if self.is_loaded else "HeldBackend(released)"
