"""Measure a family on this machine, and see what a policy makes of the figures.

    python examples/benchmark.py

It takes half a minute: each variant is measured in ten fresh processes. `edgeadapt benchmark` does the same from the command
line, and writes the figures into the family file.
"""

from __future__ import annotations

import sys
from pathlib import Path

import attrs

import edgeadapt as ea
from edgeadapt.benchmark.runner import BenchmarkReport, benchmark_family

ROOT = Path(__file__).resolve().parents[1]
RUNS = 300  # timed ones a variant: enough for a 99th percentile
POLICY = "edition 1 policy hurried { otherwise use lowest latency }"


def main() -> None:
    """Measure, tell, and choose by what was declared and by what was measured."""
    declared = ea.ModelFamily.from_yaml(ROOT / "examples/pixels.yaml")
    report = benchmark_family(declared, runs=RUNS, progress=show_progress)

    print(f"{report.machine.cpu}, {report.machine.cores} cores")
    print(f"{'variant':<12} {'p50 ms':>8} {'p99 ms':>8} {'declared':>9} {'MB more':>8}")
    for variant in report.variants:
        if variant.measured is None:
            print(f"{variant.name:<12} {variant.failure}")
            continue
        latency, memory = variant.measured.latency_ms, variant.measured.memory_mb
        print(
            f"{variant.name:<12} {latency.p50:>8.3f} {latency.p99:>8.3f} {latency.declared:>9.4f} {memory.steady:>8.1f}"
        )

    # The declared figures are the bare models'; what the adapters take is in the measured ones.
    policy = ea.RulePolicy.from_text(POLICY)
    for name, family in (("declared", declared), ("measured", with_measured(declared, report))):
        print(f"the quickest by the {name} figures: {choice(policy, family)}")


def show_progress(done: int, total: int, variant: str) -> None:
    """Write one line anew, to a person at a terminal."""
    if sys.stderr.isatty():
        print(f"\r{done} of {total} runs, {variant:<12}", end="\n" if done == total else "", file=sys.stderr)


def with_measured(family: ea.ModelFamily, report: BenchmarkReport) -> ea.ModelFamily:
    """Return the variants that could be measured, with this machine's figures."""
    here = ea.ModelFamily(family.name)
    for variant in report.variants:
        if variant.measured is not None:
            known = family.variant(variant.name)
            figures = attrs.evolve(
                known.metadata,
                expected_latency_ms=variant.measured.latency_ms.p50,
                memory_footprint_mb=variant.measured.memory_mb.steady,
            )
            here.add_variant(known.name, known.path, metadata=figures)
    return here


def choice(policy: ea.BasePolicy, family: ea.ModelFamily) -> str | None:
    """Ask a policy once; no model is loaded for that."""
    with ea.get_profiler() as device:
        return policy.session(family).step(device.snapshot()).target


if __name__ == "__main__":
    main()
