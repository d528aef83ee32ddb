"""What the measuring processes of one variant said → its figures in a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from edgeadapt.benchmark.percentiles import percentile, runs_needed
from edgeadapt.benchmark.report import InputTensor, Latency, LoadTime, Measured, Memory, Waiting
from edgeadapt.registry.variant import ModelVariant

_MB = 1e6
_MS = 1e6  # of nanoseconds


def figures_of(variant: ModelVariant, results: Sequence[Mapping[str, Any]], warm_up: int) -> Measured:
    """Return a variant's figures: of all runs, and by process, each of which was warmed up by as many runs."""
    by_process = [[time / _MS for time in result["run_ns"]] for result in results]
    times = [time for process in by_process for time in process]
    loads = tuple(result["load_ns"] / _MS for result in results)
    p95s = [percentile(process, 95) for process in by_process]
    return Measured(
        processes=len(results),
        warm_up_runs=warm_up * len(results),
        timed_runs=len(times),
        inputs=tuple(
            InputTensor(each["name"], each["dtype"], tuple(each["shape"])) for each in results[0]["inputs"]
        ),
        inputs_from=results[0]["inputs_from"],
        latency_ms=Latency(
            mean=round(sum(times) / len(times), 6),  # to the nanosecond, as they were measured
            p50=percentile(times, 50),
            p95=percentile(times, 95),
            p99=percentile(times, 99),
            declared=variant.metadata.expected_latency_ms,
            p50_by_process=tuple(median(process) for process in by_process),
            p95_by_process=tuple(p95 for p95 in p95s if p95 is not None) if None not in p95s else (),
        ),
        load_ms=LoadTime(median(loads), loads),
        memory_mb=_memory(variant, results),
        waiting=_waiting(results, sum(times)),
        activation=results[0]["activation"],
    )


def _waiting(results: Sequence[Mapping[str, Any]], total_ms: float) -> Waiting | None:
    told = [result["waited"] for result in results]
    if None in told:
        return None
    waited_ns, turns = (sum(each) for each in zip(*told, strict=True))
    return Waiting(share=round(waited_ns / _MS / total_ms, 4), turns=turns)


def _memory(variant: ModelVariant, results: Sequence[Mapping[str, Any]]) -> Memory:
    steady, peak, runtime = (
        tuple(max(0, result[f"{what}_bytes"]) / _MB for result in results)
        for what in ("steady", "peak", "runtime")
    )
    return Memory(
        steady=median(steady),
        peak=median(peak),
        declared=variant.metadata.memory_footprint_mb,
        runtime=median(runtime),
        steady_by_process=steady,
        peak_by_process=peak,
    )


def left_out(measured: Measured) -> list[str]:
    """Say which percentiles are left out, and how many runs they take."""
    return [
        f"{name} is left out: it takes {runs_needed(percent)} timed runs, and there were {measured.timed_runs}"
        for name, percent in (("p50", 50), ("p95", 95), ("p99", 99))
        if getattr(measured.latency_ms, name) is None
    ]
