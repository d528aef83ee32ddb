"""Breaks a model file half-way through the day, and repairs it later: on a thread of its own, beside the serving."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from types import TracebackType

import attrs

from edgeadapt.demo.family_copy import FamilyCopy
from edgeadapt.demo.watched import Step
from edgeadapt.registry.family import ModelFamily, ModelVariant

SPOIL_AT, REPAIR_AT = 0.5, 0.5625  # parts of the day


@attrs.frozen
class Spoiled:
    """Which variant's file was broken, and the shares of the day at which that was done and undone."""

    variant: str
    from_part: float = SPOIL_AT
    to_part: float = REPAIR_AT


class Mischief:
    """Within a `with`: once the clock has run half of `play_s`, breaks the file of the best variant used so far.

    `spoiled` says what was done, None before.
    """

    def __init__(
        self, copy: FamilyCopy, steps: list[Step], clock: Callable[[], float], play_s: float
    ) -> None:
        self._copy = copy
        self._steps = steps
        self._clock = clock
        self._play_s = play_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="edgeadapt-demo-mischief", daemon=True)
        self.spoiled: Spoiled | None = None

    def __enter__(self) -> Mischief:  # noqa: PYI034 - typing.Self is newer than Python 3.10
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        if not self._reached(SPOIL_AT):
            return
        found = victim(self._copy.family, list(self._steps))
        if found is None:
            return
        variant = found.name
        self._copy.spoil(variant)
        self.spoiled = Spoiled(variant)
        if self._reached(REPAIR_AT):
            self._copy.repair(variant)

    def _reached(self, part: float) -> bool:
        """Wait for a part of the day; false where the day was given up before."""
        # The clock stands until the replay starts, so one wait of a computed length would be too short.
        while (left := part * self._play_s - self._clock()) > 0:
            if self._over.wait(min(left, 0.05)):
                return False
        return True


def victim(family: ModelFamily, steps: Sequence[Step]) -> ModelVariant | None:
    """Return the most accurate variant that has served so far: the one that a policy would miss most."""
    served = {step.decision.active for step in steps}
    return max(
        (variant for variant in family if variant.name in served),
        key=lambda variant: variant.metadata.accuracy_score or 0.0,
        default=None,
    )
