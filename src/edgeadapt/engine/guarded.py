"""Which guard a policy gets: its own, the one that was given, or the default one."""

from __future__ import annotations

from edgeadapt.policy import BasePolicy, StabilityGuard
from edgeadapt.wording import shown


def guarded(policy: BasePolicy, stability: StabilityGuard | None) -> BasePolicy:
    """Return the policy with a guard around it, unless it has one.

    A given guard lends its settings, whatever it was made around. Raises ValueError where both have one, TypeError for
    a `stability` that is no StabilityGuard.
    """
    if stability is not None and not isinstance(stability, StabilityGuard):
        raise TypeError(f"`stability` is a StabilityGuard, not {shown(type(stability).__name__)}")
    if policy.has_guard:
        if stability is not None:
            raise ValueError(
                f"policy `{policy.name}` has a guard of its own; remove that one or leave `stability` out"
            )
        return policy
    if stability is None:
        return StabilityGuard(policy)
    return stability.around(policy)
