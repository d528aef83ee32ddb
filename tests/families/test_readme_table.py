"""The table of figures in families/README.md is the YAML's, so that nobody copies one by hand."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from edgeadapt.registry.family import ModelFamily

FAMILIES = Path(__file__).resolve().parents[2] / "families"


@pytest.fixture
def digits_yaml(monkeypatch):
    # The scripts beside the families import each other by their bare names.
    monkeypatch.syspath_prepend(str(FAMILIES))
    import digits_yaml

    yield digits_yaml
    for name in ("digits_yaml", "measure_variant"):
        sys.modules.pop(name, None)


def test_the_readmes_table_agrees_with_the_yaml(digits_yaml):
    family = ModelFamily.from_yaml(FAMILIES / "digits.yaml")
    figures = [
        digits_yaml.VariantFigures(
            name=variant.name,
            input_size=int(variant.attributes["input_size"]),
            path=Path(variant.path),
            accuracy=variant.metadata.accuracy_score,
            latency_ms=variant.metadata.expected_latency_ms,
            memory_mb=variant.metadata.memory_footprint_mb,
        )
        for variant in family
    ]
    assert digits_yaml.markdown_table(figures) in (FAMILIES / "README.md").read_text(encoding="utf-8")
