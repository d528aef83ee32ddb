"""What a family's checks look like to the swapper, which runs them on its loader's thread and knows no family."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from edgeadapt.backends.admission import Transition
from edgeadapt.backends.base import InferenceBackend


class Preparing(Protocol):
    """One family's checks; every one raises ActivationError where the variant must not serve."""

    def admit(self, variant: str, active: str | None) -> Transition:
        """Say how the variant fits beside `active`, or refuse it; where it fits, its memory is reserved."""

    def warm(self, variant: str, backend: InferenceBackend) -> None:
        """Make the loaded backend's first answers as quick as the later ones."""

    def validate(self, variant: str, backend: InferenceBackend) -> Callable[[Any], Any] | None:
        """Hold the backend against what the family promises; return an adapted `infer`, or None for its own.

        An adapted one may have `inputs` and `outputs`, which a lease then shows instead of the backend's; and a `before`,
        whose answer goes to its `infer`: what a `before` raises says nothing about the variant.
        """

    def release(self, variant: str) -> None:
        """Give back what `admit` reserved: the load is over, whatever came of it."""
