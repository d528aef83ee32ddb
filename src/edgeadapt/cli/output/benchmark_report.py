"""A benchmark's report and a comparison of two, as tables for a person; a comparison as data too."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from edgeadapt.benchmark.comparison import Change, Comparison, Verdict
from edgeadapt.benchmark.report import BenchmarkReport, VariantReport
from edgeadapt.cli.output.columns import width, wrapped
from edgeadapt.cli.output.terminal import printable
from edgeadapt.cli.output.words import digits

_UNITS = {"p50": "ms", "p95": "ms", "load": "ms", "memory": "MB", "peak": "MB"}
_NONE = "-"


def report_lines(report: BenchmarkReport) -> Iterator[str]:
    """Lay out a report: where it was measured, a row a variant, then failures and notes."""
    machine, family = report.machine, report.family
    commit = f", commit {family.commit[:12]}" if family.commit else ""
    yield from wrapped("Family:  ", printable(f"{family.name}{commit}"))
    cores = f"{machine.cores} cores" if machine.cores != 1 else "1 core"
    yield from wrapped(
        "Machine: ", printable(f"{machine.cpu}, {cores}, {machine.memory_mb:.0f} MB, {machine.system}")
    )
    yield from wrapped(
        "With:    ", printable(", ".join(f"{name} {version}" for name, version in report.versions.items()))
    )
    measured = [variant for variant in report.variants if variant.measured is not None]
    if measured:
        yield ""
        yield from _table(("variant", "p50 ms", "p95", "p99", "mean", "declared"), map(_times, measured))
        yield ""
        yield from _table(("variant", "memory MB", "declared", "peak", "load ms"), map(_sizes, measured))
        yield ""
        yield from wrapped("", _how(measured))
    if report.failed:
        yield ""
    for variant in report.variants:
        if variant.failure is not None:
            why = f"failed while {variant.failure.stage}: {variant.failure.reason}"
            yield from wrapped(f"{printable(variant.name)}: ", printable(why))
    notes = _notes(report)
    waits = [(each.name, each.measured.waited) for each in measured if each.measured is not None]
    shares = ", ".join(f"{name} {share:.0%}" for name, share in waits if share is not None)
    if shares:
        notes.insert(
            0, f"other work had the processors: p95 and p99 are slow by waiting ({shares} of the time)"
        )
    if notes:
        yield ""
    for note in notes:
        yield from wrapped("note: ", printable(note))


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """Lay out what changed; figures that did not are only counted."""
    for note in comparison.notes:
        yield from wrapped("note: ", printable(note))
    told = [change for change in comparison.changes if change.verdict in (Verdict.WORSE, Verdict.BETTER)]
    if told:
        if comparison.notes:
            yield ""
        heads = ("variant", "figure", "before", "now", "change", "")
        yield from _table(heads, [_changed(change) for change in told])
        yield ""
    whys: dict[tuple[str, str], list[str]] = {}
    for change in comparison.changes:
        if change.why:
            whys.setdefault((change.variant, change.why), []).append(change.figure)
    for (name, why), figures in whys.items():
        yield from wrapped(f"{printable(name)}, {' '.join(figures)}: ", printable(why))
    same = sum(change.verdict is Verdict.SAME for change in comparison.changes)
    unknown = sum(change.verdict is Verdict.UNKNOWN for change in comparison.changes)
    better = len(told) - len(comparison.worse)
    unsure = f", {unknown} can't be told" if unknown else ""
    yield f"Beyond noise: {len(comparison.worse)} worse, {better} better, {same} the same{unsure}"


def comparison_data(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as JSON data."""
    return {
        "changes": [
            {
                "variant": change.variant,
                "figure": change.figure,
                "unit": _UNITS.get(change.figure),
                "before": change.old,
                "now": change.new,
                "by": change.by,
                "verdict": change.verdict.value,
                "why": change.why,
            }
            for change in comparison.changes
        ],
        "notes": list(comparison.notes),
    }


def _notes(report: BenchmarkReport) -> list[str]:
    """Return the variants' notes, each once, with the names of those it is about where not all are."""
    about: dict[str, list[str]] = {}
    for variant in report.variants:
        for note in variant.notes:
            about.setdefault(note, []).append(variant.name)
    everybody = len(report.variants)
    return [
        note if len(names) == everybody > 1 else f"{', '.join(names)}: {note}"
        for note, names in about.items()
    ]


def _how(measured: Sequence[VariantReport]) -> str:
    """Say how all were measured, or the first where they differ, which the report itself tells in full."""
    first = measured[0].measured
    assert first is not None
    inputs = {"sample": "the sample", "golden": "a row of the golden inputs", "zeros": "zeros"}
    sources = {variant.measured.inputs_from for variant in measured if variant.measured is not None}
    source = " or ".join(inputs[name] for name in sorted(sources))
    runs = (
        f"{first.timed_runs} timed runs in {first.processes} processes"
        if first.processes != 1
        else f"{first.timed_runs} timed runs in 1 process"
    )
    return (
        f"Each: {runs} after {first.warm_up_runs} more, on {source}. Memory is what the variant adds to a runtime in use, "
        f"which takes {first.memory_mb.runtime:.1f} MB once."
    )


def _times(variant: VariantReport) -> list[str]:
    assert variant.measured is not None
    latency = variant.measured.latency_ms
    times = (latency.p50, latency.p95, latency.p99, latency.mean, latency.declared)
    return [printable(variant.name), *(_NONE if time is None else digits(time) for time in times)]


def _sizes(variant: VariantReport) -> list[str]:
    assert variant.measured is not None
    memory, load = variant.measured.memory_mb, variant.measured.load_ms
    sizes = (memory.steady, memory.declared, memory.peak)
    return [
        printable(variant.name),
        *(_NONE if size is None else f"{size:.1f}" for size in sizes),
        digits(load.median),
    ]


def _changed(change: Change) -> list[str]:
    unit = _UNITS.get(change.figure, "")
    values = ["" if value is None else f"{digits(value)} {unit}" for value in (change.old, change.new)]
    by = "" if change.by is None else f"{change.by:+.0%}"
    return [printable(change.variant), change.figure, *values, by, change.verdict.value]


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    # Imported here: data needs none of it.
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for index, head in enumerate(heads):
        table.add_column(
            head, justify="left" if index == 0 or not head or head == "figure" else "right", overflow="fold"
        )
    for row in rows:
        table.add_row(*map(Text, row))
    out = io.StringIO()
    Console(file=out, width=width(), color_system=None).print(table)
    return [line.rstrip() for line in out.getvalue().splitlines()]
