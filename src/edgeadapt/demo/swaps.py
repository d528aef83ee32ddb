"""The day's swaps, from the engine's own events; repeated failures of one variant are one row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from edgeadapt.demo.watched import Step
from edgeadapt.observability import Event, SwapStage
from edgeadapt.swap_codes import SWAP_COMMITTED, SWAP_LOAD_FAILED, SWAP_TIMED_OUT

_FAILED = (SWAP_LOAD_FAILED, SWAP_TIMED_OUT)


@attrs.frozen
class Swap:
    """One swap that was made or failed: when, from what, to what, for which rule, and how long the load took.

    `error` is empty where it was made; `again` counts later failures of the same kind, the last at `last_s`.
    """

    time_of_day_s: float
    previous: str
    variant: str
    rule: str
    code: str
    load_s: float
    error: str = ""
    again: int = 0
    last_s: float = 0.0

    @property
    def failed(self) -> bool:
        """Whether the variant did not come to serve."""
        return self.code != SWAP_COMMITTED


def swaps(events: Iterable[Event], steps: Sequence[Step] = ()) -> tuple[Swap, ...]:
    """Return the swaps among an engine's events, in order.

    A load that was committed just as the policy changed its mind has no rule in its event: it is the one of the last
    step that wanted the variant.
    """
    made: list[Swap] = []
    failures: dict[tuple[str, str], int] = {}
    for event in events:
        if not isinstance(event, SwapStage) or event.previous is None:
            continue
        if event.code == SWAP_COMMITTED:
            made.append(_swap(event, steps))
            failures = {key: row for key, row in failures.items() if key[0] != event.variant}
        elif event.code in _FAILED:
            key = (event.variant, event.error)
            if key in failures:
                row = failures[key]
                made[row] = attrs.evolve(made[row], again=made[row].again + 1, last_s=event.at_s)
            else:
                failures[key] = len(made)
                made.append(_swap(event, steps))
    return tuple(made)


def _swap(event: SwapStage, steps: Sequence[Step]) -> Swap:
    wanted = (
        step.decision.rule
        for step in reversed(steps)
        if step.decision.target == event.variant and step.time_of_day_s <= event.at_s
    )
    return Swap(
        event.at_s,
        event.previous or "",
        event.variant,
        event.rule or next(wanted, ""),
        event.code,
        event.load_time_s,
        event.error,
    )
