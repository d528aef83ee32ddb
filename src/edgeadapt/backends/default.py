"""The loader that an engine uses unless it is given one: a variant's file, checked, in the backend that it names."""

from __future__ import annotations

from collections.abc import Callable

from edgeadapt.backends.base import InferenceBackend
from edgeadapt.errors import ActivationError
from edgeadapt.registry.family import ModelFamily
from edgeadapt.registry.integrity import verify
from edgeadapt.registry.variant import ModelVariant
from edgeadapt.wording import did_you_mean, shown


def _onnx(variant: ModelVariant) -> InferenceBackend:
    # Imported here: it needs NumPy, which nobody else on the way to a decision does.
    from edgeadapt.backends.onnx_backend import ONNXBackend

    return ONNXBackend(variant)


# What a family's `backend:` may say.
BACKENDS: dict[str, Callable[[ModelVariant], InferenceBackend]] = {"onnx": _onnx}


def default_loader(family: ModelFamily) -> Callable[[str], InferenceBackend]:
    """Return a function from a variant's name to its backend, unloaded.

    The function raises ActivationError in stage `checking` for an unknown name or backend, and for a file that is
    missing or not the declared one.
    """

    def load(name: str) -> InferenceBackend:
        if name not in family:
            remedy = did_you_mean(name, family.names, "it has")
            raise ActivationError(
                name, "checking", f"family {shown(family.name)} has no such variant; {remedy}"
            )
        variant = family.variant(name)
        backend = BACKENDS.get(variant.backend)
        if backend is None:
            remedy = did_you_mean(variant.backend, BACKENDS)
            raise ActivationError(name, "checking", f"there is no backend {shown(variant.backend)}; {remedy}")
        verify(variant)
        return backend(variant)

    return load
