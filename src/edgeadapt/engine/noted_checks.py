"""A family's checks, with each variant named in the state file for as long as its activation lasts.

The swapper calls them on its loader's thread, first before anything of the variant is touched, and last when its load is
over, however it ended, also if nobody waits for it any more: so the note names what really is being activated.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from edgeadapt.backends import InferenceBackend
from edgeadapt.engine.persistence import Persistence

if TYPE_CHECKING:
    from edgeadapt.backends.preparation import Preparation, Transition


class NotedChecks:
    """What a swapper takes for `preparation`."""

    def __init__(self, checks: Preparation, persistence: Persistence) -> None:
        self._checks = checks
        self._persistence = persistence

    def admit(self, variant: str, active: str | None) -> Transition:
        """Note the variant, and say how it fits."""
        self._persistence.begins(variant)
        try:
            return self._checks.admit(variant, active)
        except BaseException:
            # Refused: there is no `release` of what was not admitted.
            self._persistence.ends(variant)
            raise

    def warm(self, variant: str, backend: InferenceBackend) -> None:
        """Warm up."""
        self._checks.warm(variant, backend)

    def validate(self, variant: str, backend: InferenceBackend) -> Callable[[Any], Any] | None:
        """Validate."""
        return self._checks.validate(variant, backend)

    def release(self, variant: str) -> None:
        """Give back what was reserved, and end the note."""
        try:
            self._checks.release(variant)
        finally:
            self._persistence.ends(variant)
