"""Measured figures go into the family file, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from edgeadapt.benchmark.family_update import update_family_file
from edgeadapt.errors import FamilyYamlError
from edgeadapt.registry import ModelFamily
from tests.benchmark.reports import measured, report, variant

TEXT = """\
schema_version: 1  # the first
name: f
variants:
  - name: a
    path: a.onnx
    metadata:
      accuracy_score: 0.50  # of the held-out images
      expected_latency_ms: 1.0  # on my laptop
  - {name: b, path: b.onnx, metadata: {expected_latency_ms: 9}}
  - {name: c, path: c.onnx}
"""


@pytest.fixture
def path(tmp_path: Path) -> str:
    (tmp_path / "f.yaml").write_text(TEXT, encoding="utf-8")
    return str(tmp_path / "f.yaml")


def test_what_was_measured_is_written_and_the_rest_stays(path: str) -> None:
    figures = measured(latency_ms=1.23456, memory_mb=7.77)
    made = report(
        variant("a", figures), variant("b", reason="it is broken"), variant("c", measured(20.0, 0.0))
    )
    assert update_family_file(path, made) == (
        "a memory_footprint_mb: 7.8 (was unknown)",
        "a expected_latency_ms: 1.23 (was 1)",
        "c memory_footprint_mb: 0.1 (was unknown)",
        "c expected_latency_ms: 20 (was unknown)",
    )
    expected = TEXT.replace("1.0  # on my laptop", "1.23  # on my laptop\n      memory_footprint_mb: 7.8")
    expected = expected.replace(
        "c.onnx}", "c.onnx, metadata: {expected_latency_ms: 20.0, memory_footprint_mb: 0.1}}"
    )
    assert Path(path).read_text(encoding="utf-8") == expected


def test_a_second_update_by_the_same_report_changes_nothing(path: str) -> None:
    made = report(variant("a"))
    assert update_family_file(path, made)
    before = Path(path).stat().st_mtime_ns
    assert update_family_file(path, made) == ()
    assert Path(path).stat().st_mtime_ns == before


def test_a_latency_of_too_few_runs_is_not_written(path: str) -> None:
    figures = measured()
    few = attrs.evolve(figures, latency_ms=attrs.evolve(figures.latency_ms, p50=None))
    assert update_family_file(path, report(variant("a", few))) == ("a memory_footprint_mb: 10 (was unknown)",)
    assert ModelFamily.from_yaml(path).variant("a").metadata.expected_latency_ms == 1.0


def test_a_variant_that_is_gone_is_refused(path: str) -> None:
    with pytest.raises(FamilyYamlError, match="`x` is gone since it was measured"):
        update_family_file(path, report(variant("x")))


def test_figures_shared_by_an_anchor_are_refused_and_the_file_stays(tmp_path: Path) -> None:
    text = TEXT.replace("expected_latency_ms: 1.0", "expected_latency_ms: &l 1.0").replace("ms: 9", "ms: *l")
    path = tmp_path / "f.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FamilyYamlError, match="shared with another by an anchor"):
        update_family_file(str(path), report(variant("a")))
    assert path.read_text(encoding="utf-8") == text
