"""Whether a variant may be chosen in a step; the host says so, and a policy sees nothing else of loading."""

from __future__ import annotations

from edgeadapt.values import frozen


@frozen
class VariantStatus:
    """A variant's standing in one step: available, or why it is not (quarantined, no backend, …)."""

    available: bool = True
    reason: str = ""


AVAILABLE = VariantStatus()
