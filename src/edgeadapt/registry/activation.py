"""How a family's variants are activated, as far as its author decides: transitions, time limits, probation."""

from __future__ import annotations

import attrs

from edgeadapt.registry.field_checks import one_of, seconds, whole
from edgeadapt.values import frozen

TRANSITIONS = ("auto", "beside")
GAPS = ("allowed", "refused")
_DAY_S = 86_400.0


@frozen
class Probation:
    """How long the previous variant is kept after a swap, and how many inference errors bring it back.

    It ends after `inferences` answers or `seconds`, whichever is first; more than `errors` errors before roll back.
    """

    inferences: int = attrs.field(default=100, validator=whole(1, 10**9))
    seconds: float = attrs.field(default=30.0, validator=seconds(_DAY_S))
    errors: int = attrs.field(default=3, validator=whole(0, 10**9))


@frozen
class ActivationRules:
    """What the swapper may do to bring a variant into service."""

    transition: str = attrs.field(default="auto", validator=one_of(TRANSITIONS))
    """`auto`: beside the old variant if both fit, else mapped, else (with `gap: allowed`) after it. `beside`: only so."""
    gap: str = attrs.field(default="refused", validator=one_of(GAPS))
    """Whether the old variant may be released first where both do not fit: nothing serves meanwhile."""
    gap_timeout_s: float = attrs.field(default=5.0, validator=seconds(_DAY_S))
    """How long an inference waits in a gap."""
    load_timeout_s: float = attrs.field(default=60.0, validator=seconds(_DAY_S))
    """How long a load may take, from its checks to its commit."""
    probation: Probation | None = attrs.field(default=None)

    def __attrs_post_init__(self) -> None:
        if self.probation is not None and not isinstance(self.probation, Probation):
            raise TypeError("`probation` is a Probation")
