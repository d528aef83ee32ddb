"""What was measured of a family's variants, on which machine and with what: version 2 of the report, and its JSON.

The fields are the format: `report.schema.json` is made of them, and a test keeps both equal. Times are in milliseconds,
memory in MB of 10^6 bytes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Annotated, Any

from edgeadapt.backends.regular_file import open_regular
from edgeadapt.benchmark.records import as_data, from_data, schema_of
from edgeadapt.errors import ReportError
from edgeadapt.values import frozen
from edgeadapt.wording import shown

FORMAT = "edgeadapt-benchmark"
VERSION = 2
# A twentieth of the runs decides p95: where runs waited for more than this share of their time, and more than this share of
# them did, the slowest twentieth may be slow by that.
MOST_WAITED = 0.02
_LARGEST_BYTES = 64 << 20


@frozen
class Latency:
    """The time of one inference as a caller sees it, adapter included, in milliseconds."""

    mean: float
    p50: Annotated[float | None, "the median; null where there are fewer than 6 timed runs"]
    p95: Annotated[float | None, "95 % of the runs took no longer; null where there are fewer than 59"]
    p99: Annotated[float | None, "99 % of the runs took no longer; null where there are fewer than 299"]
    declared: Annotated[float | None, "`expected_latency_ms` of the family file"]
    p50_by_process: Annotated[tuple[float, ...], "the median within each process, however few its runs"]
    p95_by_process: Annotated[
        tuple[float, ...], "p95 within each process; empty where one has fewer than 59 runs"
    ]


@frozen
class LoadTime:
    """How long it took to load the model in a process whose runtime had been used before, in milliseconds."""

    median: float
    by_process: tuple[float, ...]


@frozen
class Memory:
    """Resident memory that the variant added to a process whose runtime had been used before, in MB."""

    steady: Annotated[float, "after the timed runs; the median of the processes"]
    peak: Annotated[float, "the most at any time, loading included; the median of the processes"]
    declared: Annotated[float | None, "`memory_footprint_mb` of the family file"]
    runtime: Annotated[
        float, "what the runtime itself took at its first use, once a process; not in the others"
    ]
    steady_by_process: tuple[float, ...]
    peak_by_process: tuple[float, ...]


@frozen
class Waiting:
    """What the timed runs waited for a processor that others had."""

    share: Annotated[float, "time waited, as a share of the runs' own time"]
    turns: Annotated[int, "times that they got a processor, having lost or left it"]


@frozen
class InputTensor:
    """One input of a timed run."""

    name: str
    dtype: str
    shape: tuple[int, ...]


@frozen
class Measured:
    """One variant's figures."""

    processes: Annotated[
        int, "fresh processes that measured it, one after the other, in turn with the other variants"
    ]
    warm_up_runs: Annotated[int, "runs before the timed ones, in all processes"]
    timed_runs: Annotated[int, "timed runs in all processes"]
    inputs: tuple[InputTensor, ...]
    inputs_from: Annotated[str, "`sample` (the caller's), `golden` (a row of the family's), or `zeros`"]
    latency_ms: Latency
    load_ms: LoadTime
    memory_mb: Memory
    waiting: Annotated[Waiting | None, "null where the system does not tell"]
    activation: Annotated[
        str, "which API of ONNX Runtime served: `native` or `python`; empty for another runtime"
    ]

    @property
    def waited(self) -> float | None:
        """The share of the runs' time that was waiting, where that decides how slow the slowest of them are; else None."""
        waiting = self.waiting
        if waiting is None or waiting.share <= MOST_WAITED or waiting.turns <= MOST_WAITED * self.timed_runs:
            return None
        return waiting.share


@frozen
class Failure:
    """Why a variant has no figures."""

    stage: Annotated[str, "starting, checking, loading, warming, validating or running"]
    reason: str


@frozen
class VariantReport:
    """One variant: its figures, or why there are none."""

    name: str
    backend: str
    file: Annotated[str, "the model file's name"]
    file_mb: float | None
    sha256: Annotated[str | None, "of the model file, null where it can't be read"]
    measured: Measured | None
    failure: Failure | None
    notes: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        if (self.measured is None) == (self.failure is None):
            raise ValueError(f"variant {shown(self.name)} has figures or a failure, and not both")


@frozen
class FamilyMeasured:
    """The family that was measured."""

    name: str
    file: Annotated[str | None, "the family file's name, null for a family made by hand"]
    digest: Annotated[str, "sha256 over all that the family says"]
    commit: Annotated[
        str | None, "the Git commit that its folder is checked out at, null where there is none"
    ]


@frozen
class Settings:
    """What was asked for."""

    runs: Annotated[int, "timed runs a variant"]
    warm_up: Annotated[int, "runs before the timed ones, in each process"]
    timeout_s: Annotated[float, "the longest that an inference may take"]
    sample: Annotated[str | None, "the name of the caller's sample file"]
    dims: Annotated[Mapping[str, int], "sizes of open dimensions that the caller set"]


@frozen
class Machine:
    """Where it was measured."""

    cpu: str
    cores: int
    usable_cores: Annotated[int | None, "that this process may use; null where the system can't tell"]
    system: str
    memory_mb: float
    load_before: Annotated[float | None, "processes that were running or waiting, in the minute before"]


@frozen
class BenchmarkReport:
    """A benchmark of a family."""

    format: Annotated[str, "always `edgeadapt-benchmark`"]
    version: Annotated[int, "of this format: 2"]
    started_at: Annotated[str, "ISO 8601, UTC"]
    ended_at: str
    family: FamilyMeasured
    settings: Settings
    machine: Machine
    versions: Annotated[Mapping[str, str], "of edgeadapt, python, numpy, onnxruntime and what else measured"]
    variants: tuple[VariantReport, ...]

    @property
    def failed(self) -> tuple[str, ...]:
        """The names of the variants that have no figures."""
        return tuple(variant.name for variant in self.variants if variant.failure is not None)

    def variant(self, name: str) -> VariantReport | None:
        """Return a variant's part; None for one that is not in it."""
        return next((variant for variant in self.variants if variant.name == name), None)

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data that JSON can hold."""
        data: dict[str, Any] = as_data(self)
        return data

    def to_json(self) -> str:
        """Return it as JSON."""
        return json.dumps(self.as_data(), indent=2, ensure_ascii=False, allow_nan=False)

    @classmethod
    def from_json(cls, text: str | bytes, name: str = "the report") -> BenchmarkReport:
        """Read a report's JSON; raises ReportError for another format or version, and for what is missing or wrong in it."""
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            raise ReportError(
                name, "it is not JSON, or only a part of it", "measure again, with --output"
            ) from None
        if not isinstance(data, Mapping) or data.get("format") != FORMAT:
            raise ReportError(
                name, "it is no benchmark report", "give a file that `edgeadapt benchmark --output` wrote"
            )
        if data.get("version") != VERSION or isinstance(data["version"], bool):
            found = shown(data.get("version", "none"))
            raise ReportError(
                name, f"its version is {found}, and this EdgeAdapt reads {VERSION}", "measure again"
            )
        try:
            return from_data(cls, data)
        except ValueError as error:
            raise ReportError(name, f"it is broken: {error}", "measure again, with --output") from None

    @classmethod
    def from_file(cls, path: str | os.PathLike[str]) -> BenchmarkReport:
        """Read a report's file; raises ReportError."""
        name = os.fsdecode(path)
        try:
            with open_regular(name) as file:
                text = file.read(_LARGEST_BYTES + 1)
        except (OSError, ValueError) as error:  # a NUL in the path is a ValueError
            reason = (getattr(error, "strerror", None) or "this is not a path").lower()
            raise ReportError(name, f"cannot read it: {reason}", "check the path") from None
        if len(text) > _LARGEST_BYTES:
            raise ReportError(name, "it is too large for a report", "check the path")
        return cls.from_json(text, name)


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema of a report."""
    schema = schema_of(BenchmarkReport)
    schema["properties"]["format"] |= {"const": FORMAT}
    schema["properties"]["version"] |= {"const": VERSION}
    # A variant has figures or a reason, never both.
    figures, reason = ({"properties": {name: {"type": "object"}}} for name in ("measured", "failure"))
    schema["properties"]["variants"]["items"] |= {"oneOf": [figures, reason]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"EdgeAdapt benchmark report, version {VERSION}",
        **schema,
    }
