"""What the comparison says, in words, whatever it says: the policy against each variant alone on the same requests."""

from __future__ import annotations

import math
from collections.abc import Sequence

import attrs

from edgeadapt.demo.accounting import Totals
from edgeadapt.registry.family import ModelFamily, ModelVariant

# A difference of less than two standard errors, request by request, is called none.
_CERTAIN = 2.0


@attrs.frozen
class Against:
    """The policy beside one variant alone.

    `points`: its effective accuracy minus the variant's, in percentage points; `certain`: more than chance would give;
    `cpu_ratio`: its processor time over the variant's.
    """

    name: str
    points: float
    certain: bool
    cpu_ratio: float

    @property
    def gives_more(self) -> bool:
        """Whether the policy gave measurably more answers that were right and in time."""
        return self.certain and self.points > 0

    @property
    def gives_less(self) -> bool:
        """Whether the policy gave measurably fewer of them."""
        return self.certain and self.points < 0

    @property
    def is_beaten(self) -> bool:
        """Whether the variant alone did no worse, for no more processor time."""
        return not self.gives_more and self.cpu_ratio >= 1


def against(
    policy: Totals, other: Totals, policy_useful: Sequence[bool], other_useful: Sequence[bool]
) -> Against:
    """Compare the policy with one variant; `useful` says of each request whether it was answered right and in time."""
    won = sum(mine and not theirs for mine, theirs in zip(policy_useful, other_useful, strict=True))
    lost = sum(theirs and not mine for mine, theirs in zip(policy_useful, other_useful, strict=True))
    certain = won + lost > 0 and abs(won - lost) / math.sqrt(won + lost) >= _CERTAIN
    return Against(
        name=other.name,
        points=100 * (policy.effective_accuracy - other.effective_accuracy),
        certain=certain,
        cpu_ratio=policy.cpu_s / max(other.cpu_s, 1e-9),
    )


def most_accurate(family: ModelFamily) -> str:
    """Name the variant that the family declares the most accurate; of equals, the fastest."""

    def rank(variant: ModelVariant) -> tuple[float, float]:
        figures = variant.metadata
        return figures.accuracy_score or 0.0, -(figures.expected_latency_ms or 0.0)

    return max(family, key=rank).name


def verdict(
    policy: Totals, others: Sequence[Totals], rows: Sequence[Against], most_accurate: str
) -> tuple[str, ...]:
    """Return the verdict in sentences, the plainest first; `most_accurate` names one of the others."""
    best = max(others, key=lambda other: other.effective_accuracy)
    sharpest = next(other for other in others if other.name == most_accurate)
    row_of = {row.name: row for row in rows}
    said = [_first(policy, best, row_of[best.name], rows)]
    missed = 100 * (sharpest.late + sharpest.dropped) / sharpest.requests
    said.append(
        f"The most accurate variant, {sharpest.name}, alone would have come too late for {missed:.1f} % of the requests, "
        f"and the policy took {_times(policy.cpu_s, sharpest.cpu_s)} processor time."
    )
    if sharpest.strained_cpu_s > policy.strained_cpu_s:
        said.append(
            f"While the device was hot or its battery low, the policy took "
            f"{_times(policy.strained_cpu_s, sharpest.strained_cpu_s)}."
        )
    beaten = [row.name for row in rows if row.is_beaten]
    if beaten:
        said.append(
            f"It does not win against {' and '.join(beaten)}, which did as well or better for no more processor time: "
            "this day does not repay its swaps."
        )
    return tuple(said)


def _times(mine: float, theirs: float) -> str:
    if mine <= theirs:
        return f"{100 * (1 - mine / max(theirs, 1e-9)):.0f} % less"
    return f"{100 * (mine / max(theirs, 1e-9) - 1):.0f} % more"


def _first(policy: Totals, best: Totals, row: Against, rows: Sequence[Against]) -> str:
    mine, theirs = 100 * policy.effective_accuracy, 100 * best.effective_accuracy
    if row.gives_less:
        return (
            f"{best.name} alone gave more useful answers than the policy: {theirs:.1f} % right and in time "
            f"against {mine:.1f} %."
        )
    if all(other.gives_more for other in rows):
        return (
            f"The policy gave the most useful answers: {mine:.1f} % right and in time; "
            f"the best variant alone, {best.name}, {theirs:.1f} %."
        )
    return (
        f"The policy gave as many useful answers as the best variant alone, {best.name}: {mine:.1f} % right and in time "
        f"against {theirs:.1f} %, which so few requests can't tell apart."
    )
