"""Families that are really measured, by few runs of small models; each variant in processes of its own."""

from __future__ import annotations

import json
from pathlib import Path

import attrs
import jsonschema
import numpy as np
import pytest

from edgeadapt.benchmark.report import BenchmarkReport, report_schema
from edgeadapt.benchmark.runner import benchmark_family
from edgeadapt.registry import ActivationRules, AdapterSteps, Contract, ContractTensor, Golden, ModelFamily
from edgeadapt.registry import adapter as steps
from edgeadapt.registry.variant import SessionOptions, VariantMetadata
from tests.backends.onnx_models import crashing, doubling, looping

Told = list[tuple[int, int, str]]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[BenchmarkReport, Told]:
    """A family of which half fails, measured once for all tests that read its report."""
    folder = tmp_path_factory.mktemp("family")
    family = ModelFamily("mixed")
    family.add_variant(
        "good",
        doubling(folder / "good.onnx"),
        metadata=VariantMetadata(expected_latency_ms=0.5, memory_footprint_mb=3.0),
        session=SessionOptions(intra_op_num_threads=1),
    )
    family.add_variant("gone", folder / "none.onnx")
    family.add_variant("crashing", crashing(folder / "crashing.onnx"), preflight="process")
    (folder / "broken.onnx").write_bytes(b"no model")
    family.add_variant("broken", folder / "broken.onnx")
    told: Told = []
    report = benchmark_family(
        family, runs=6, warm_up=1, progress=lambda done, total, variant: told.append((done, total, variant))
    )
    return report, told


def test_a_variant_is_measured_in_fresh_processes(measured: tuple[BenchmarkReport, Told]) -> None:
    good = measured[0].variant("good")
    assert good is not None
    figures = good.measured
    assert figures is not None
    assert (figures.processes, figures.timed_runs, figures.warm_up_runs) == (6, 6, 6)
    assert [attrs.astuple(each) for each in figures.inputs] == [("image", "float32", (1, 4))]
    assert (figures.inputs_from, figures.activation) == ("zeros", "native")
    latency, memory = figures.latency_ms, figures.memory_mb
    assert latency.p50 is not None
    assert 0 < latency.p50 < 1000
    assert (latency.p95, latency.p99, latency.declared, memory.declared) == (None, None, 0.5, 3.0)
    assert (
        len(latency.p50_by_process) == len(memory.steady_by_process) == len(figures.load_ms.by_process) == 6
    )
    assert 0 <= memory.steady <= memory.peak < 1000
    assert memory.runtime > 0
    assert good.notes == (
        "p95 is left out: it takes 59 timed runs, and there were 6",
        "p99 is left out: it takes 299 timed runs, and there were 6",
    )


def test_the_others_have_their_reason(measured: tuple[BenchmarkReport, Told]) -> None:
    report, _ = measured
    assert report.failed == ("gone", "crashing", "broken")
    failures = {variant.name: variant.failure for variant in report.variants if variant.failure is not None}
    assert (failures["gone"].stage, "there is no model file" in failures["gone"].reason) == ("checking", True)
    assert failures["crashing"].stage == "loading"
    assert failures["crashing"].reason.endswith("the runtime crashed")
    assert failures["broken"].stage == "loading"
    assert [variant.sha256 is None for variant in report.variants] == [False, True, False, False]


def test_the_report_fits_its_schema_and_is_read_back(measured: tuple[BenchmarkReport, Told]) -> None:
    report, _ = measured
    jsonschema.validate(json.loads(report.to_json()), report_schema())
    assert BenchmarkReport.from_json(report.to_json()) == report
    assert (report.family.name, report.family.file, report.family.commit) == ("mixed", None, None)
    assert set(report.versions) >= {"edgeadapt", "python", "numpy", "onnxruntime"}


def test_progress_goes_to_the_end_whatever_fails(measured: tuple[BenchmarkReport, Told]) -> None:
    _, told = measured
    assert told[-1][:2] == (24, 24)
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)


def test_an_inference_without_an_end_is_ended(tmp_path: Path) -> None:
    family = ModelFamily("f")
    family.add_variant("endless", looping(tmp_path / "endless.onnx"))
    sample = {"turns": np.array(2**60), "x": np.zeros((64, 64), np.float32)}
    (variant,) = benchmark_family(family, runs=1, sample=sample, timeout_s=0.2).variants
    assert variant.failure is not None
    assert (variant.failure.stage, variant.failure.reason) == (
        "running",
        "an inference did not end within 0.2 s",
    )


def test_a_load_without_an_end_is_ended(tmp_path: Path) -> None:
    family = ModelFamily("f", activation=ActivationRules(load_timeout_s=0.2))
    np.savez(tmp_path / "in.npz", turns=np.array(2**60), x=np.zeros((64, 64), np.float32))
    golden = Golden(str(tmp_path / "in.npz"), str(tmp_path / "in.npz"))
    family.add_variant("endless", looping(tmp_path / "endless.onnx"), golden=golden)
    (variant,) = benchmark_family(family, runs=1).variants
    assert variant.failure is not None
    assert variant.failure.reason == "its load did not end within 0.2 s"


def test_a_sample_that_does_not_fit_is_told_with_what_the_model_takes(tmp_path: Path) -> None:
    family = ModelFamily("f")
    family.add_variant("a", doubling(tmp_path / "a.onnx"))
    (variant,) = benchmark_family(family, runs=1, sample=np.zeros((1, 5), np.float32)).variants
    assert variant.failure is not None
    assert variant.failure.reason == (
        "the model takes `image` float32 [N, 4]; `image` was given the shape [1, 5]"
    )


def test_a_variant_is_run_through_its_adapter(tmp_path: Path) -> None:
    contract = Contract(inputs=[ContractTensor("pixels", "uint8", ["N", 4])])
    family = ModelFamily("f", contract=contract)
    adapter = AdapterSteps(inputs=[steps.Scale("pixels"), steps.Rename("pixels", "image")])
    family.add_variant("a", doubling(tmp_path / "a.onnx"), adapter=adapter)
    (variant,) = benchmark_family(family, runs=1, dims={"N": 3}).variants
    assert variant.measured is not None, variant.failure
    assert [attrs.astuple(each) for each in variant.measured.inputs] == [("pixels", "uint8", (3, 4))]


def test_a_dimension_that_no_variant_has_is_refused_with_the_nearest(tmp_path: Path) -> None:
    family = ModelFamily("f")
    family.add_variant("a", doubling(tmp_path / "a.onnx", shape=("batch", 4)))
    with pytest.raises(ValueError, match="no variant has an open dimension `bach`; did you mean `batch`"):
        benchmark_family(family, runs=1, dims={"bach": 2})


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"runs": 0}, "`runs` is a whole number between 1 and 1000000, not `0`"),
        ({"runs": True}, "`runs` is a whole number"),
        ({"warm_up": -1}, "`warm_up` is a whole number between 0"),
        ({"timeout_s": 0}, "`timeout_s` is above 0"),
        ({"dims": {"N": 0}}, "the size of `N` is a whole number above 0, not `0`"),
    ],
)
def test_a_wrong_call_is_refused(given: dict[str, object], problem: str) -> None:
    family = ModelFamily("f")
    family.add_variant("a", "a.onnx")
    with pytest.raises(ValueError, match=problem):
        benchmark_family(family, **given)  # type: ignore[arg-type]  # wrong on purpose


def test_a_family_without_variants_is_refused() -> None:
    with pytest.raises(ValueError, match="has no variants to measure"):
        benchmark_family(ModelFamily("f"))
