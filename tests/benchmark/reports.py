"""Reports as a benchmark would make them, for tests of what is done with one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from edgeadapt.benchmark.report import (
    FORMAT,
    VERSION,
    BenchmarkReport,
    Failure,
    FamilyMeasured,
    InputTensor,
    Latency,
    LoadTime,
    Machine,
    Measured,
    Memory,
    Settings,
    VariantReport,
    Waiting,
)

# As ten processes of one variant on one machine may have it: they are not equal.
NOISE = (1.0, 1.01, 0.99, 1.02, 0.98, 1.0, 1.005, 0.995, 1.015, 0.985)


def measured(
    latency_ms: float = 2.0,
    memory_mb: float = 10.0,
    noise: Sequence[float] = NOISE,
    waited: float = 0.001,
) -> Measured:
    """Make the figures of one variant; those of its processes are as the noise says."""
    times = tuple(latency_ms * factor for factor in noise)
    sizes = tuple(memory_mb * factor for factor in noise)
    return Measured(
        processes=len(noise),
        warm_up_runs=80,
        timed_runs=500,
        inputs=(InputTensor("image", "float32", (1, 4)),),
        inputs_from="zeros",
        latency_ms=Latency(latency_ms, latency_ms, latency_ms * 1.1, latency_ms * 1.5, None, times, times),
        load_ms=LoadTime(5.0, tuple(5.0 * factor for factor in noise)),
        memory_mb=Memory(memory_mb, memory_mb, 12.0, 20.0, sizes, sizes),
        waiting=Waiting(waited, 300),
        activation="native",
    )


def variant(name: str, figures: Measured | None = None, reason: str = "", **more: Any) -> VariantReport:
    """Make one variant's part; with a reason it failed."""
    failure = Failure("loading", reason) if reason else None
    known = None if failure else figures or measured()
    made = VariantReport(name, "onnx", f"{name}.onnx", 0.5, "ab" * 32, known, failure)
    return attrs.evolve(made, **more)


def report(*variants: VariantReport, **more: Any) -> BenchmarkReport:
    """Make a report of an idle machine."""
    made = BenchmarkReport(
        format=FORMAT,
        version=VERSION,
        started_at="2026-01-02T03:04:05+00:00",
        ended_at="2026-01-02T03:05:05+00:00",
        family=FamilyMeasured("digits", "digits.yaml", "cd" * 32, "12" * 20),
        settings=Settings(500, 10, 60.0, None, {}),
        machine=Machine("Fast 9000", 4, 4, "Linux 6.1 x86_64", 8000.0, 0.1),
        versions={"edgeadapt": "1.0", "python": "3.11", "numpy": "2.0", "onnxruntime": "1.20"},
        variants=variants or (variant("small"), variant("full")),
    )
    return attrs.evolve(made, **more)
