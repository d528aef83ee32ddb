"""The swaps that were committed, as a Python policy and a stability guard remember them."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

import attrs

from edgeadapt.errors import SnapshotError
from edgeadapt.program.constant import seconds_to_ns

_LONGEST = 1000
# 292 years: a greater age is not one, and would not fit a float of seconds.
_OLDEST_NS = 2**63


@attrs.frozen
class Swap:
    """One committed swap: when (ns on the states' clock), from which variant, to which."""

    at_ns: int
    previous: str
    variant: str


class SwapHistory:
    """The active variant and the latest committed swaps, oldest first; adopting the first variant is no swap."""

    def __init__(self) -> None:
        self.active: str | None = None
        self._swaps: deque[Swap] = deque(maxlen=_LONGEST)

    @property
    def swaps(self) -> tuple[Swap, ...]:
        """The latest swaps, at most a thousand."""
        return tuple(self._swaps)

    @property
    def last_swap_sec(self) -> float | None:
        """When the last swap was committed, in seconds on the states' clock; None before the first."""
        return self._swaps[-1].at_ns / 1e9 if self._swaps else None

    def swaps_within(self, window_sec: float, now: float) -> int:
        """Count the swaps younger than `window_sec` at `now`, both in seconds."""
        oldest = seconds_to_ns(now) - seconds_to_ns(window_sec)
        return sum(swap.at_ns > oldest for swap in self._swaps)

    def committed(self, variant: str, at_ns: int) -> None:
        """Record that `variant` serves since `at_ns`."""
        if self.active is not None and variant != self.active:
            self._swaps.append(Swap(at_ns, self.active, variant))
        self.active = variant

    def after(self, older: SwapHistory) -> SwapHistory:
        """Return this history with an older one's swaps before its own."""
        joined = SwapHistory()
        joined.active = self.active
        joined._swaps.extend((*older._swaps, *self._swaps))
        return joined

    def to_plain(self, now_ns: int) -> dict[str, Any]:
        """Return the history as JSON-able data, with ages in place of times."""
        return {
            "active": self.active,
            "swaps": [[now_ns - swap.at_ns, swap.previous, swap.variant] for swap in self._swaps],
        }

    @classmethod
    def from_plain(cls, data: object, now_ns: int) -> SwapHistory:
        """Return the history that `to_plain` gave; raises SnapshotError for anything else."""
        history = cls()
        try:
            if not isinstance(data, Mapping):
                raise TypeError
            for age, previous, variant in data["swaps"]:
                if type(age) is not int or not isinstance(previous, str) or not isinstance(variant, str):
                    raise TypeError
                if abs(age) > _OLDEST_NS:
                    raise ValueError
                history._swaps.append(Swap(now_ns - age, previous, variant))
            if not isinstance(data["active"], (str, type(None))):
                raise TypeError
        except (KeyError, TypeError, ValueError):
            raise SnapshotError("the saved history of swaps is malformed") from None
        history.active = data["active"]
        return history
