"""Everything that a demo found out, in one value; the report, the picture and the JSON are drawn from it."""

from __future__ import annotations

import attrs

from edgeadapt.demo.accounting import Request, Totals
from edgeadapt.demo.burner import WAITING_PER_CORE
from edgeadapt.demo.day import Day
from edgeadapt.demo.runs import PolicyRun
from edgeadapt.demo.verdict import Against


@attrs.frozen
class Settings:
    """What is asked of a demo: `play_s` is how long each replay of the day takes, `cores` how many there are for it."""

    play_s: float
    seed: int
    burns: bool
    cores: int

    @property
    def burners(self) -> int:
        """How many processes compete."""
        return self.cores * (1 + WAITING_PER_CORE) if self.burns else 0


@attrs.frozen
class Outcome:
    """A whole demo; `alone` and `against` are in the family's order.

    `peer` holds the requests of the most accurate variant alone, for the picture; `disturbed` is the largest part of the
    processors' time that other programs took in a run.
    """

    policy_name: str
    day: Day
    rate_hz: float
    deadline_s: float
    settings: Settings
    run: PolicyRun
    policy: Totals
    alone: tuple[Totals, ...]
    against: tuple[Against, ...]
    verdict: tuple[str, ...]
    peer: tuple[Request, ...]
    peer_name: str
    disturbed: float

    @property
    def is_good(self) -> bool:
        """Whether every request was answered, and by the serving variant's own answer."""
        return self.policy.dropped == 0 and self.policy.differing == 0

    @property
    def variants(self) -> tuple[str, ...]:
        """The family's variants, in its order."""
        return tuple(totals.name for totals in self.alone)
