"""Families as files: what is written is read as the same family, and a file's own text is kept."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeadapt.registry import ModelFamily, VariantMetadata
from edgeadapt.registry.yaml_loader import parse_family
from edgeadapt.registry.yaml_writer import changed_text, family_text
from edgeadapt.shipped import shipped
from tests.registry.families_strategy import FOLDER, whole_families, with_other_figures

DIGITS = shipped("families/digits.yaml")
CORPUS = Path(__file__).parent.parent / "corpus" / "families" / "valid"
HERE = f"{FOLDER}/f.yaml"


@given(family=whole_families())
@settings(max_examples=60, deadline=None)
def test_a_family_that_is_written_and_read_is_the_same(family: ModelFamily) -> None:
    assert parse_family(family_text(family, HERE), HERE) == family


@given(family=whole_families(), figure=st.floats(0.001, 1e6))
@settings(max_examples=25, deadline=None)
def test_a_text_with_other_figures_differs_by_them_only(family: ModelFamily, figure: float) -> None:
    text = family_text(family, HERE)
    read = parse_family(text, HERE)
    changed = with_other_figures(read, figure, figure)
    assert parse_family(changed_text(text, changed, HERE), HERE) == changed


@pytest.mark.parametrize("path", [DIGITS, *sorted(CORPUS.glob("*.yaml"))], ids=lambda path: path.name)
def test_a_family_from_a_file_keeps_its_text(path: Path) -> None:
    family = ModelFamily.from_yaml(path)
    assert family.source == str(path)
    assert family.to_yaml() == path.read_text(encoding="utf-8")


def test_figures_are_replaced_in_place_and_nothing_else_is_touched() -> None:
    before = DIGITS.read_text(encoding="utf-8").splitlines()
    after = with_other_figures(ModelFamily.from_yaml(DIGITS), 1.25, 7.5).to_yaml().splitlines()
    assert len(after) == len(before)
    changed = [(old.strip(), new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) == 10
    assert {new for _, new in changed} == {
        "      expected_latency_ms: 1.25",
        "      memory_footprint_mb: 7.5",
    }


ODD = """\
# one
schema_version: 1   # two
name:   'odd'

contract:
    inputs:
    - {name: a, shape: [N, null, ~]}  # three
variants:
- name: a   # four
  path: >-
    a.onnx
  metadata: {accuracy_score: .90,   # five
             expected_latency_ms: 1.20}   # six
- name: b

  path: b.onnx
  # seven
  metadata:
      # eight
      expected_latency_ms:    1e3    # nine
      accuracy_score: +.5 # ten
# eleven
- {name: c, path: c.onnx}
- {name: d, path: d.onnx, metadata: {}}
- {name: g, path: g.onnx, metadata: {accuracy_score: }}
- name: e
  path: e.onnx
  metadata:
- name: f
  path: |-
    f.onnx
# end"""


EXPECTED = """\
# one
schema_version: 1   # two
name:   'odd'

contract:
    inputs:
    - {name: a, shape: [N, null, ~]}  # three
variants:
- name: a   # four
  path: >-
    a.onnx
  metadata: {accuracy_score: .90,   # five
             expected_latency_ms: 2.5, memory_footprint_mb: 8.0}   # six
- name: b

  path: b.onnx
  # seven
  metadata:
      # eight
      expected_latency_ms:    2.5    # nine
      accuracy_score: +.5 # ten
      memory_footprint_mb: 8.0
# eleven
- {name: c, path: c.onnx, metadata: {expected_latency_ms: 2.5, memory_footprint_mb: 8.0}}
- {name: d, path: d.onnx, metadata: {expected_latency_ms: 2.5, memory_footprint_mb: 8.0}}
- {name: g, path: g.onnx, metadata: {accuracy_score: , expected_latency_ms: 2.5, memory_footprint_mb: 8.0 }}
- name: e
  path: e.onnx
  metadata: {expected_latency_ms: 2.5, memory_footprint_mb: 8.0}
- name: f
  path: |-
    f.onnx
  metadata: {expected_latency_ms: 2.5, memory_footprint_mb: 8.0}
# end"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_figures_find_their_place_however_a_file_is_laid_out(tmp_path: Path, newline: str) -> None:
    path = tmp_path / "odd.yaml"
    path.write_bytes(ODD.replace("\n", newline).encode("utf-8-sig"))
    with_other_figures(ModelFamily.from_yaml(path), 2.5, 8.0).to_yaml(path)
    assert path.read_bytes().decode("utf-8") == "\ufeff" + EXPECTED.replace("\n", newline)


def test_a_variant_that_is_added_is_written_after_the_others(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_text(
        "schema_version: 1\nname: f\nvariants:\n  - {name: a, path: a.onnx} # a\n# end\n", "utf-8"
    )
    family = ModelFamily.from_yaml(path)
    family.description = "two: models"
    family.add_variant("b", tmp_path / "b.onnx", metadata=VariantMetadata(accuracy_score=0.5))
    assert family.to_yaml(path).splitlines() == [
        "schema_version: 1",
        "name: f",
        'description: "two: models"',
        "variants:",
        "  - {name: a, path: a.onnx} # a",
        "  - name: b",
        "    path: b.onnx",
        "    metadata: {accuracy_score: 0.5}",
        "# end",
    ]
    assert ModelFamily.from_yaml(path) == family


def test_a_family_in_another_folder_names_the_same_files(tmp_path: Path) -> None:
    family = ModelFamily.from_yaml(DIGITS)
    path = tmp_path / "moved.yaml"
    family.to_yaml(path)
    moved = ModelFamily.from_yaml(path)
    assert moved == family
    assert "# accuracy_score: share right" in path.read_text(encoding="utf-8")


def test_what_is_shared_by_an_anchor_is_written_out_where_the_text_cannot_say_it(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_text(
        "schema_version: 1\nname: f\nvariants:\n"
        "- {name: a, path: a.onnx, metadata: &m {accuracy_score: 0.5}}\n"
        "- {name: b, path: b.onnx, metadata: *m}\n",
        "utf-8",
    )
    family = ModelFamily.from_yaml(path).with_metadata({"b": VariantMetadata(accuracy_score=0.25)})
    family.to_yaml(path)
    assert ModelFamily.from_yaml(path) == family


def test_a_family_without_variants_is_no_file() -> None:
    with pytest.raises(ValueError, match="one at least"):
        ModelFamily("empty").to_yaml()


def test_a_file_is_replaced_whole_with_its_mode_and_through_a_link(tmp_path: Path) -> None:
    path, link = tmp_path / "f.yaml", tmp_path / "link.yaml"
    path.write_bytes(DIGITS.read_bytes())
    path.chmod(0o640)
    link.symlink_to(path)
    family = ModelFamily("other")
    family.add_variant("a", tmp_path / "a.onnx")
    family.to_yaml(link)
    assert link.is_symlink()
    assert ModelFamily.from_yaml(path) == family
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(os.listdir(tmp_path)) == ["f.yaml", "link.yaml"]
