"""What suppresses a swap that a policy wants: the guard's cooldown, then each of its limits, over committed swaps."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from edgeadapt.program.constant import duration_ns
from edgeadapt.program.program import Guard
from edgeadapt.swap_codes import SWAP_SUPPRESSED_COOLDOWN, SWAP_SUPPRESSED_RATE
from edgeadapt.units import Dimension, format_quantity


@attrs.frozen
class Suppression:
    """Why a swap has to wait: the code, what suppresses it in words, and for how long yet (None: for ever)."""

    code: str
    words: str
    elapsed_ns: int
    remaining_ns: int | None

    @property
    def verdict(self) -> str:
        """What an explanation says of it."""
        if self.remaining_ns is None:
            return f"suppresses the swap: {self.words}"
        # Two integers are divided exactly, where a huge one is no float.
        left = format_quantity(self.remaining_ns / 1_000_000, Dimension.TIME)
        return f"suppresses the swap: {self.words}, for another {left}"


@attrs.frozen
class GuardLimits:
    """A guard in nanoseconds: `cooldown_ns`, and (count, window in ns) for each `at most`."""

    cooldown_ns: int = 0
    windows: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, guard: Guard | None, params: dict[str, float | bool]) -> GuardLimits:
        """Resolve a guard's constants; no guard suppresses nothing."""
        if guard is None:
            return cls()
        windows = tuple((limit.count, duration_ns(limit.per, params)) for limit in guard.limits)
        return cls(duration_ns(guard.cooldown, params), windows)

    @property
    def memory_ns(self) -> int:
        """How old a committed swap can be and still matter."""
        return max([self.cooldown_ns, *(window for _, window in self.windows)])

    def suppression(self, commits: Iterable[int], t: int) -> Suppression | None:
        """Return what keeps a swap from being made at `t`, None if nothing does; a later commit has age 0."""
        ages = sorted(max(0, t - commit) for commit in commits)
        if ages and ages[0] < self.cooldown_ns:
            left = self.cooldown_ns - ages[0]
            return Suppression(SWAP_SUPPRESSED_COOLDOWN, "cooldown", ages[0], left)
        for count, window in self.windows:
            inside = [age for age in ages if age < window]
            if len(inside) >= count:
                # The swap is free again when only count - 1 are left in the window.
                left_ns = window - inside[count - 1] if count else None
                age = inside[count - 1] if count else 0
                return Suppression(SWAP_SUPPRESSED_RATE, f"at most {count}", age, left_ns)
        return None

    def kept(self, commits: Iterable[int], t: int) -> list[int]:
        """Drop the commits that can't matter any more."""
        return [commit for commit in commits if t - commit < self.memory_ns]
