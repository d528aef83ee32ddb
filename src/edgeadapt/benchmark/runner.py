"""`benchmark_family`: each variant measured in fresh processes, in turn, served as an engine would serve it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any

import attrs

from edgeadapt.benchmark.figures import figures_of, left_out
from edgeadapt.benchmark.git_commit import commit_of
from edgeadapt.benchmark.machine import this_machine, versions
from edgeadapt.benchmark.measured_process import run_process
from edgeadapt.benchmark.report import (
    FORMAT,
    VERSION,
    BenchmarkReport,
    Failure,
    FamilyMeasured,
    Settings,
    VariantReport,
)
from edgeadapt.registry.family import ModelFamily
from edgeadapt.registry.integrity import sha256_of
from edgeadapt.registry.variant import ModelVariant
from edgeadapt.wording import did_you_mean, shown

__all__ = ["BenchmarkReport", "benchmark_family"]

# Processes differ by more than the runs within one. With ten, a change in each of 25 figures can be told from chance even
# where something else disturbed one of the processes; see `comparison`.
PROCESSES = 10
# Sixty a process, which is enough for each to have a 95th percentile of its own.
RUNS = 600
WARM_UP = 10
TIMEOUT_S = 60.0
MOST_RUNS = 1_000_000
_MB = 1e6

# How many timed runs are done, of how many, and the variant that is measured now.
Progress = Callable[[int, int, str], None]


class UnknownDimension(ValueError):  # noqa: N818 - it says what there is not
    """No variant has an open dimension of the name that was given a size."""


def benchmark_family(
    family: ModelFamily,
    *,
    runs: int = RUNS,
    warm_up: int = WARM_UP,
    sample: Any = None,
    sample_name: str | None = None,
    dims: Mapping[str, int] | None = None,
    timeout_s: float = TIMEOUT_S,
    progress: Progress | None = None,
) -> BenchmarkReport:
    """Measure each variant by `runs` inferences in up to 10 fresh processes, each warmed up by `warm_up` more.

    The inputs are `sample` as it is (an array, or arrays by name), which the report calls `sample_name`; else a row of the
    variant's golden inputs; else zeros, whose open dimensions are 1 or as in `dims`. A variant that fails is in the report with its reason; so is one whose
    inference takes over `timeout_s` seconds, or its load over the family's `load_timeout_s`. Raises ValueError for a number
    out of range, and UnknownDimension, which is one too, for a name in `dims` that no variant has.
    """
    settings = _checked(runs, warm_up, timeout_s, sample_name, dims or {})
    if not len(family):
        raise ValueError(f"family `{family.name}` has no variants to measure")
    started, machine = _now(), this_machine()
    work = _Work(family, settings, sample, progress or _silent)
    measured_with = work.run()
    return BenchmarkReport(
        format=FORMAT,
        version=VERSION,
        started_at=started,
        ended_at=_now(),
        family=FamilyMeasured(
            name=family.name,
            file=None if family.source is None else _name_of(family.source),
            digest=family.digest,
            commit=None if family.source is None else commit_of(os.path.dirname(family.source)),
        ),
        settings=settings,
        machine=machine,
        versions=versions(measured_with),
        variants=tuple(work.variant_report(variant) for variant in family),
    )


def _checked(
    runs: int, warm_up: int, timeout_s: float, sample: str | None, dims: Mapping[str, int]
) -> Settings:
    for what, value, low, high in (("runs", runs, 1, MOST_RUNS), ("warm_up", warm_up, 0, MOST_RUNS)):
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"`{what}` is a whole number between {low} and {high}, not {shown(value)}")
    if not 0 < timeout_s <= 86_400:
        raise ValueError(f"`timeout_s` is above 0 and at most 86400, not {shown(timeout_s)}")
    for name, size in dims.items():
        if isinstance(size, bool) or not isinstance(size, int) or size < 1:
            raise ValueError(f"the size of {shown(name)} is a whole number above 0, not {shown(size)}")
    return Settings(runs, warm_up, float(timeout_s), None if sample is None else _name_of(sample), dict(dims))


def _silent(*_: object) -> None:
    """Show no progress."""


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


@attrs.define(eq=False)
class _Work:
    """The processes of one benchmark, and what they said."""

    family: ModelFamily
    settings: Settings
    sample: Any
    progress: Progress
    results: dict[str, list[Mapping[str, Any]]] = attrs.field(factory=dict)
    failures: dict[str, Failure] = attrs.field(factory=dict)
    done: int = 0

    def run(self) -> dict[str, str]:
        """Run all; return the versions of what measured."""
        names = self.family.names
        self.results = {name: [] for name in names}
        total = self.settings.runs * len(names)
        shares = _shares(self.settings.runs)
        for turn, share in enumerate(shares):
            # In turn, so that what changes on the machine meanwhile changes for all.
            for variant in self.family:
                if variant.name not in self.failures:
                    self._measure(variant, share, total)
                self.done += share
                self.progress(self.done, total, variant.name)
            if turn == 0:
                self._check_dims()
        return {
            name: version
            for results in self.results.values()
            for result in results
            for name, version in result["versions"].items()
        }

    def _measure(self, variant: ModelVariant, share: int, total: int) -> None:
        self.progress(self.done, total, variant.name)
        told = run_process(
            _alone(self.family, variant),
            sample=self.sample,
            dims=self.settings.dims,
            runs=share,
            warm_up=self.settings.warm_up,
            timeout_s=self.settings.timeout_s,
            heard=lambda count: self.progress(self.done + count, total, variant.name),
        )
        if isinstance(told, Failure):
            self.failures[variant.name] = told
        else:
            self.results[variant.name].append(told)

    def _check_dims(self) -> None:
        known = {
            dim for results in self.results.values() for result in results for dim in result["open_dims"]
        }
        if len(self.failures) == len(self.family):
            return  # nothing is known of any
        for name in self.settings.dims:
            if name not in known:
                remedy = did_you_mean(name, sorted(known), "there are")
                raise UnknownDimension(f"no variant has an open dimension {shown(name)}; {remedy}")

    def variant_report(self, variant: ModelVariant) -> VariantReport:
        """Return what is known of a variant."""
        results, failure = self.results[variant.name], self.failures.get(variant.name)
        notes: list[str] = []
        measured = None
        if failure is None:
            measured = figures_of(variant, results, self.settings.warm_up)
            notes = [*results[0]["notes"], *left_out(measured)]
        size_mb, digest = _model_file(variant.path)
        return VariantReport(
            name=variant.name,
            backend=variant.backend,
            file=_name_of(variant.path),
            file_mb=size_mb,
            sha256=digest,
            measured=measured,
            failure=failure,
            notes=tuple(notes),
        )


def _name_of(path: str) -> str:
    """Return a file's own name, as JSON can hold it: a name's bytes may be no text."""
    return os.path.basename(path).encode("utf-8", "replace").decode()


def _model_file(path: str) -> tuple[float | None, str | None]:
    try:
        # A pipe would block whoever reads it.
        return (os.path.getsize(path) / _MB, sha256_of(path)) if os.path.isfile(path) else (None, None)
    except OSError:
        return None, None


def _alone(family: ModelFamily, variant: ModelVariant) -> ModelFamily:
    """Return a family of one variant, as it is served; but for its preflight, as it has a process of its own already."""
    alone = ModelFamily(family.name, contract=family.contract, activation=family.activation)
    alone.add_variant(
        variant.name,
        variant.path,
        backend=variant.backend,
        sha256=variant.sha256,
        session=variant.session,
        golden=variant.golden,
        standby=variant.standby,
        adapter=variant.adapter,
    )
    return alone


def _shares(runs: int) -> list[int]:
    """Divide runs among processes."""
    processes = min(PROCESSES, runs)
    return [runs // processes + (number < runs % processes) for number in range(processes)]
