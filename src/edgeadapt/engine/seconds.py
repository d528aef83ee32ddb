"""Seconds that a host gives, held against what its clocks can wait for."""

from __future__ import annotations

from numbers import Real

from edgeadapt.wording import shown

SHORTEST_INTERVAL_S = 1e-3
# What no wait outlives; the system's own timers overflow far beyond.
_YEAR_S = 31_536_000.0


def interval(name: str, value: object) -> float:
    """Return the time between two polls; raises TypeError or ValueError for what is none."""
    seconds = _number(name, value)
    if not SHORTEST_INTERVAL_S <= seconds <= _YEAR_S:
        raise ValueError(
            f"`{name}` is a number of seconds from {SHORTEST_INTERVAL_S:g} to {_YEAR_S:.0f}, not {shown(value)}"
        )
    return seconds


def timeout(value: object) -> float:
    """Return how long to wait; raises TypeError or ValueError for what is no time."""
    seconds = _number("timeout_s", value)
    # NaN, too, fails the comparison.
    if not seconds >= 0:
        raise ValueError(f"`timeout_s` is a number of seconds, not negative, not {shown(value)}")
    return min(seconds, _YEAR_S)


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"`{name}` is a number of seconds, not {shown(value)}")
    return float(value)
