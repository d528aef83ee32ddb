"""The policy and the family that an engine goes by now; a reload puts others in their place, both at once."""

from __future__ import annotations

import attrs

from edgeadapt.engine.guarded import guarded
from edgeadapt.policy import BasePolicy, StabilityGuard
from edgeadapt.registry import ModelFamily


@attrs.frozen
class InUse:
    """`given` is the policy as the host gave it, and `policy` the same with its guard."""

    given: BasePolicy
    policy: BasePolicy
    family: ModelFamily

    @classmethod
    def of(cls, given: BasePolicy, stability: StabilityGuard | None, family: ModelFamily) -> InUse:
        """Put a guard around the policy if it has none; raises ValueError and TypeError as `guarded` does."""
        return cls(given, guarded(given, stability), family)

    @property
    def files(self) -> tuple[str, ...]:
        """The files that they came from, which may be none."""
        return tuple(path for path in (self.given.policy_file, self.family.file) if path is not None)
