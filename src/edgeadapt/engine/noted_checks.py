"""A family's checks, with each variant named in the state file for as long as its activation lasts.

The swapper calls them on its loader's thread, first before anything of the variant is touched, and last when its load is
over, however it ended, also if nobody waits for it any more: so the note names what really is being activated.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from edgeadapt.backends import InferenceBackend
from edgeadapt.engine.persistence import Persistence
from edgeadapt.engine.revisions import Revisions, plain
from edgeadapt.registry import ModelVariant

if TYPE_CHECKING:
    from edgeadapt.backends.preparation import Preparation, Transition
    from edgeadapt.backends.rehearsal import Rehearsal


class NotedChecks:
    """What a swapper takes for `preparation`; each load is checked as the family has its variant that it is a load of."""

    def __init__(self, checks: Preparation, persistence: Persistence, revisions: Revisions) -> None:
        self._checks = checks
        self._persistence = persistence
        self._revisions = revisions

    def admit(self, variant: str, active: str | None) -> Transition:
        """Note the variant, and say how it fits."""
        name = plain(variant)
        self._persistence.begins(name)
        try:
            self._checks = self._checks.over(self._revisions.family_of(variant))
            return self._checks.admit(name, None if active is None else plain(active))
        except BaseException:
            # Refused: there is no `release` of what was not admitted.
            self._persistence.ends(name)
            raise

    def rehearsal(self, variant: ModelVariant) -> Rehearsal:
        """Return what will be run of a variant before it serves."""
        return self._checks.rehearsal(variant)

    def warm(self, variant: str, backend: InferenceBackend) -> None:
        """Warm up."""
        self._checks.warm(plain(variant), backend)

    def validate(self, variant: str, backend: InferenceBackend) -> Callable[[Any], Any] | None:
        """Validate."""
        return self._checks.validate(plain(variant), backend)

    def release(self, variant: str) -> None:
        """Give back what was reserved, and end the note."""
        try:
            self._checks.release(plain(variant))
        finally:
            self._persistence.ends(plain(variant))
