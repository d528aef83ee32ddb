"""A reload's outcome as a value."""

from __future__ import annotations

import attrs

RELOADED = "reloaded"
UNCHANGED = "unchanged"
REFUSED = "refused"


@attrs.frozen
class Reload:
    """What became of a policy's or family's file that was read again.

    `what` is policy or family, `outcome` reloaded, unchanged or refused: then the one in use goes on, and `detail` says
    why. `memory_kept`: whether the policy's memory goes on, its timers, latches and guard; None where nothing changed,
    and where it does not go on `detail` says why.
    """

    what: str
    path: str
    outcome: str
    detail: str = ""
    memory_kept: bool | None = None
