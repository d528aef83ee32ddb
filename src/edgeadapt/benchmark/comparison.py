"""What changed between two reports beyond noise.

The unit is the process: each variant was measured in several, and processes differ by more than the runs within one do
(where memory came to lie, what else the machine did), so runs are not counted as if they were independent. A figure has
changed where the processes' figures differ by Mann and Whitney's exact test, at 5 % over all figures compared, each way
(Bonferroni), and their medians by at least 5 %, below which other layouts in memory move a figure as well. A time that is
longer where processes waited for a processor is not held against the model.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from statistics import median

from attrs import evolve

from edgeadapt.benchmark.rank_test import probability_of_chance
from edgeadapt.benchmark.report import BenchmarkReport, Measured, VariantReport
from edgeadapt.values import frozen

CHANCE = 0.05
LEAST_CHANGE = 0.05
# Below these, a share says nothing: pages of memory, and ticks of the clock.
LEAST = {"memory": 0.25, "peak": 0.25, "load": 0.2, "p50": 0.0005, "p95": 0.0005}
# The share of waiting for processors that others had which may be why a time is longer: the slowest runs need little of it.
_MOST_WAITED = {"p50": 0.1, "load": 0.1, "p95": 0.0}


class Verdict(Enum):
    """What became of a figure."""

    WORSE = "worse"
    BETTER = "better"
    SAME = "same"
    UNKNOWN = "unknown"


@frozen
class Change:
    """One figure of one variant: the medians over processes, in ms or MB, and what that says."""

    variant: str
    figure: str
    old: float | None
    new: float | None
    verdict: Verdict
    why: str = ""

    @property
    def by(self) -> float | None:
        """The change as a share of the old figure, such as 0.25 for a quarter more."""
        return None if self.old is None or self.new is None or not self.old else self.new / self.old - 1


@frozen
class Comparison:
    """Every figure that both reports have, and what keeps them from being like for like."""

    changes: tuple[Change, ...]
    notes: tuple[str, ...]

    @property
    def worse(self) -> tuple[Change, ...]:
        """What got worse beyond noise."""
        return tuple(change for change in self.changes if change.verdict is Verdict.WORSE)


def compare(old: BenchmarkReport, new: BenchmarkReport) -> Comparison:
    """Hold a report against an earlier one of the same family."""
    both = [(before, now) for now in new.variants if (before := old.variant(now.name)) is not None]
    compared = [pair for pair in both if _obstacle(*pair) is None]
    number = sum(1 for before, now in compared for _ in _figures(before.measured, now.measured))
    changes: list[Change] = []
    for before, now in both:
        obstacle = _obstacle(before, now)
        if obstacle is not None:
            changes.append(Change(now.name, "all", None, None, *obstacle))
            continue
        waits = _waited(before), _waited(now)
        for figure, olds, news in _figures(before.measured, now.measured):
            changes.append(_attributed(_change(now.name, figure, olds, news, number), *waits))
    return Comparison(tuple(changes), tuple(_notes(old, new)))


def _obstacle(old: VariantReport, new: VariantReport) -> tuple[Verdict, str] | None:
    """Say why a variant's figures can't be compared; None where they can."""
    if new.failure is not None:
        return Verdict.UNKNOWN if old.failure else Verdict.WORSE, f"it fails: {new.failure.reason}"
    if old.failure is not None:
        return Verdict.BETTER, f"it failed before: {old.failure.reason}"
    assert old.measured is not None
    assert new.measured is not None
    if _shapes(old.measured) != _shapes(new.measured):
        was, now = _shapes(old.measured), _shapes(new.measured)
        return Verdict.UNKNOWN, f"it was run on other inputs: {was} before, {now} now"
    return None


def _figures(
    old: Measured | None, new: Measured | None
) -> Iterator[tuple[str, Sequence[float], Sequence[float]]]:
    if old is None or new is None:
        return
    yield "p50", old.latency_ms.p50_by_process, new.latency_ms.p50_by_process
    if old.latency_ms.p95_by_process and new.latency_ms.p95_by_process:
        yield "p95", old.latency_ms.p95_by_process, new.latency_ms.p95_by_process
    yield "load", old.load_ms.by_process, new.load_ms.by_process
    yield "memory", old.memory_mb.steady_by_process, new.memory_mb.steady_by_process
    yield "peak", old.memory_mb.peak_by_process, new.memory_mb.peak_by_process


def _waited(variant: VariantReport) -> float:
    return (variant.measured and variant.measured.waited) or 0.0


def _attributed(change: Change, before: float, now: float) -> Change:
    """Take back a verdict on a time where the side that was slower waited for processors so much that this may be why."""
    limit = _MOST_WAITED.get(change.figure)
    slower, other = (now, before) if change.verdict is Verdict.WORSE else (before, now)
    if limit is None or change.verdict not in (Verdict.WORSE, Verdict.BETTER) or slower <= max(limit, other):
        return change
    when = "now" if change.verdict is Verdict.WORSE else "before"
    why = f"{change.verdict.value}, but its runs waited {slower:.0%} of their time for a processor {when}"
    return evolve(change, verdict=Verdict.UNKNOWN, why=why)


def _change(variant: str, figure: str, olds: Sequence[float], news: Sequence[float], number: int) -> Change:
    if not olds or not news:
        return Change(variant, figure, None, None, Verdict.UNKNOWN, "no process measured it")
    before, now = median(olds), median(news)
    limit = CHANCE / number
    # All of one group above all of the other: no more can be told apart.
    if probability_of_chance(range(len(olds)), range(len(olds), len(olds) + len(news))) > limit:
        why = f"{len(olds)} and {len(news)} processes are too few to tell"
        return Change(variant, figure, before, now, Verdict.UNKNOWN, why)
    least = max(LEAST_CHANGE * before, LEAST[figure])
    if abs(now - before) < least or probability_of_chance(olds, news) > limit:
        return Change(variant, figure, before, now, Verdict.SAME)
    return Change(variant, figure, before, now, Verdict.WORSE if now > before else Verdict.BETTER)


def _notes(old: BenchmarkReport, new: BenchmarkReport) -> Iterator[str]:
    if old.family.name != new.family.name:
        yield f"another family was measured: {old.family.name} before, {new.family.name} now"
    elif old.family.digest != new.family.digest:
        yield "the family file says something else than before"
    for what in ("cpu", "usable_cores", "system", "memory_mb"):
        was, now = getattr(old.machine, what), getattr(new.machine, what)
        if was != now:
            yield f"another machine: {what} {was} before, {now} now"
    for name in sorted(old.versions.keys() | new.versions.keys()):
        was, now = old.versions.get(name, "none"), new.versions.get(name, "none")
        if was != now:
            yield f"another version: {name} {was} before, {now} now"
    yield from _variant_notes(old, new)


def _variant_notes(old: BenchmarkReport, new: BenchmarkReport) -> Iterator[str]:
    for variant in new.variants:
        before = old.variant(variant.name)
        if before is None:
            yield f"`{variant.name}` was not in the old report"
        elif before.sha256 != variant.sha256:
            yield f"`{variant.name}` is another model file than before"
    for variant in old.variants:
        if new.variant(variant.name) is None:
            yield f"`{variant.name}` is not in the family any more"


def _shapes(measured: Measured) -> str:
    return ", ".join(f"{tensor.name} {tensor.dtype} {list(tensor.shape)}" for tensor in measured.inputs) + (
        "" if measured.inputs_from != "zeros" else " of zeros"
    )
