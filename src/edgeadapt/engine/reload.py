"""What became of one file that was read again."""

from __future__ import annotations

import attrs

RELOADED = "reloaded"
UNCHANGED = "unchanged"
REFUSED = "refused"


@attrs.frozen
class Reload:
    """`what` is policy or family, `outcome` reloaded, unchanged or refused, and `detail` why, or what else to know.

    Refused, the one in use goes on. `memory_kept`: whether the policy's memory goes on, its timers, latches and guard;
    None where nothing changed.
    """

    what: str
    path: str
    outcome: str
    detail: str = ""
    memory_kept: bool | None = None
