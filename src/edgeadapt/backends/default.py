"""The loader that an engine uses unless it is given one: a variant's file, checked, in the backend that it names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from edgeadapt.backends.availability import missing_backend
from edgeadapt.backends.base import InferenceBackend
from edgeadapt.backends.rehearsal import Rehearsal
from edgeadapt.backends.shipped_backends import BACKENDS
from edgeadapt.errors import ActivationError
from edgeadapt.registry.family import ModelFamily
from edgeadapt.registry.integrity import open_checked
from edgeadapt.registry.variant import ModelVariant
from edgeadapt.wording import did_you_mean, shown


class Loader(Protocol):
    """Makes a variant's backend, unloaded; `standby`: mapped and un-prepacked, where the runtime can."""

    def __call__(self, variant: str, /, standby: bool = False) -> InferenceBackend:
        """Make a new backend."""
        ...


def default_loader(
    family: ModelFamily, *, rehearsal: Callable[[ModelVariant], Rehearsal] | None = None
) -> Loader:
    """Return a function from a variant's name to its backend, unloaded.

    The function raises ActivationError in stage `checking` for an unknown name or backend, and for a file that is
    missing or not the declared one. What it checked is what the backend loads: both read one descriptor.
    `rehearsal` says what will be run of a variant before it serves, as `Preparation.rehearsal` does, so that a preflight
    runs the same; without it that is what the family declares.
    """
    rehearsed = rehearsal or (lambda variant: Rehearsal.of(variant, family.contract))

    def load(name: str, /, standby: bool = False) -> InferenceBackend:
        if name not in family:
            remedy = did_you_mean(name, family.names, "it has")
            raise ActivationError(
                name, "checking", f"family {shown(family.name)} has no such variant; {remedy}"
            )
        variant = family.variant(name)
        shipped = BACKENDS.get(variant.backend)
        if shipped is None:
            raise ActivationError(name, "checking", missing_backend(variant.backend))
        file = open_checked(variant)
        try:
            return shipped.make(
                variant,
                file,
                standby or variant.standby,
                family.activation.load_timeout_s,
                rehearsed(variant),
            )
        except BaseException:
            file.close()
            raise

    return load
