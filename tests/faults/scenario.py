"""What stands in a cell of the fault matrix."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from tests.faults.rig import Rig

Scenario = Callable[[Rig], None]


@attrs.frozen
class CannotOccur:
    """Why a fault has no place in a stage, in one line."""

    reason: str
