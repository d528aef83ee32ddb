"""`benchmark` measures a family, writes and compares reports, and updates the file; wrong arguments get one line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import Result

from edgeadapt.benchmark.report import BenchmarkReport
from edgeadapt.registry import ModelFamily
from tests.backends.onnx_models import doubling
from tests.benchmark.reports import measured, report, variant
from tests.cli.conftest import Run

FAMILY = """\
schema_version: 1
name: doubles
variants:
  - {name: small, path: small.onnx, metadata: {accuracy_score: 0.5}}  # the first
"""
FEW = ("--runs", "6", "--warm-up", "0")


@pytest.fixture
def family(tmp_path: Path) -> Path:
    doubling(tmp_path / "small.onnx")
    (tmp_path / "f.yaml").write_text(FAMILY, encoding="utf-8")
    return tmp_path / "f.yaml"


def with_a_missing_variant(family: Path) -> None:
    family.write_text(FAMILY + "  - {name: gone, path: gone.onnx}\n", encoding="utf-8")


def test_a_report_is_printed_written_compared_and_put_into_the_family(run: Run, family: Path) -> None:
    with_a_missing_variant(family)
    old = report(variant("small", measured(1000.0)), variant("gone", reason="there was none"))
    Path("old.json").write_text(old.to_json(), encoding="utf-8")
    options = ("--output", "new.json", "--compare", "old.json", "--update")
    result = run("benchmark", "--config", "f.yaml", *FEW, *options)
    assert result.exit_code == 1  # one variant is gone
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["Family:", "doubles"]
    assert [line.split()[:2] for line in lines if line.startswith(("variant", "small"))][:4] == [
        ["variant", "p50"],
        ["small", lines[5].split()[1]],
        ["variant", "memory"],
        ["small", lines[8].split()[1]],
    ]
    assert any(line.startswith("gone: failed while checking: there is no model file at") for line in lines)
    assert lines[-1].startswith("Beyond noise: 0 worse, ")
    assert max(map(len, lines)) <= 80
    written = BenchmarkReport.from_file("new.json")
    assert (written.settings.runs, written.failed, written.family.file) == (6, ("gone",), "f.yaml")
    known = ModelFamily.from_yaml(family).variant("small").metadata
    assert written.variants[0].measured is not None
    assert known.expected_latency_ms == pytest.approx(written.variants[0].measured.latency_ms.p50, rel=0.01)
    assert known.accuracy_score == 0.5
    assert "}  # the first" in family.read_text(encoding="utf-8")
    assert result.stderr.splitlines()[-1] == "note: 2 figures changed in `f.yaml`"


def test_json_is_a_report_and_has_a_comparison_where_one_was_asked_for(run: Run, family: Path) -> None:
    Path("old.json").write_text(report(variant("small")).to_json(), encoding="utf-8")
    np.save("x.npy", np.ones((2, 4), np.float32))
    result = run(
        "benchmark",
        "--family",
        "f.yaml",
        "--runs",
        "1",
        "--sample",
        "x.npy",
        "--compare",
        "old.json",
        "--json",
    )
    assert (result.exit_code, result.stderr) == (0, "")
    made = BenchmarkReport.from_json(result.stdout)
    assert made.settings.sample == "x.npy"
    assert made.variants[0].measured is not None
    assert made.variants[0].measured.inputs[0].shape == (2, 4)
    comparison = json.loads(result.stdout)["comparison"]
    assert comparison["changes"][0]["verdict"] == "unknown"
    assert "other inputs" in comparison["changes"][0]["why"]


def refused(result: Result) -> str:
    """Return the one line that a wrong call got."""
    assert (result.exit_code, result.stdout) == (2, "")
    line: str = result.stderr.splitlines()[0]
    assert line.startswith("error: ")
    return line.removeprefix("error: ")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ((), "missing option '--family' / '--config'"),
        (("--family", "none.yaml"), "none.yaml: cannot read it: no such file or directory"),
        (("--family", "f.yaml", "--runs", "0"), "invalid value for '--runs'"),
        (("--family", "f.yaml", "--dim", "N"), "--dim `N` is not NAME=VALUE; write it like --dim N=8"),
        (("--family", "f.yaml", "--dim", "N=0"), "--dim: the size of `N` is a whole number above 0, not `0`"),
        (("--family", "f.yaml", "--dim", "N=2", "--sample", "x.npy"), "--sample has its own sizes"),
        (("--family", "f.yaml", "--sample", "x.npy"), "x.npy: cannot read it: no such file or directory"),
        (("--family", "f.yaml", "--sample", "f.yaml"), "f.yaml: it is no array file"),
        (("--family", "f.yaml", "--compare", "f.yaml"), "f.yaml: it is not JSON"),
        (("--family", "f.yaml", "--output", "no/x.json"), "--output `no/x.json`: there is no such folder"),
        (("--family", "f.yaml", "--output", "."), "--output `.` is no file"),
    ],
)
def test_a_wrong_call_is_refused_before_anything_is_measured(
    run: Run, family: Path, arguments: tuple[str, ...], problem: str
) -> None:
    assert refused(run("benchmark", *arguments)).startswith(problem)


def test_a_dimension_that_no_variant_has_is_refused(run: Run, family: Path) -> None:
    problem = refused(run("benchmark", "--family", "f.yaml", "--runs", "1", "--dim", "M=2"))
    assert problem == "no variant has an open dimension `M`; there are: N"
