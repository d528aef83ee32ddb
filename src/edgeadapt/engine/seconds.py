"""Seconds that a host gives, held against what its clocks can wait for."""

from __future__ import annotations

from edgeadapt.swapper import arguments
from edgeadapt.wording import shown

SHORTEST_INTERVAL_S = 1e-3


def interval(name: str, value: object) -> float:
    """Return the time between two polls; raises TypeError or ValueError for what is none."""
    seconds = arguments.seconds(name, value)
    if not SHORTEST_INTERVAL_S <= seconds <= arguments.YEAR_S:
        raise ValueError(
            f"`{name}` is a number of seconds from {SHORTEST_INTERVAL_S:g} to {arguments.YEAR_S:.0f}, not {shown(value)}"
        )
    return seconds


def lasting(name: str, value: object) -> float | None:
    """Return how long something is to last, None for until it is ended; raises TypeError or ValueError for what is no time."""
    return arguments.limit(name, value)


def timeout(value: object) -> float:
    """Return how long to wait; raises TypeError or ValueError for what is no time."""
    return arguments.timeout("timeout_s", value)
