"""CONTRIBUTING names files, commands and variables that are there; its links and those of its neighbours lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
FOLDERS = ("src", "tests", "docs", "cpp", "examples", "policies", "benchmarks", "grammar")


def test_every_path_that_is_named_is_there() -> None:
    named = set(re.findall(rf"\b(?:{'|'.join(FOLDERS)})/[\w./-]*[\w/]", TEXT))
    assert "src/edgeadapt/state/device_state.py" in named
    assert [path for path in sorted(named) if "NAME" not in path and not (ROOT / path).exists()] == []


@pytest.mark.parametrize(
    "row", re.findall(r"^\| an? [^|]+\|.*$", TEXT, re.MULTILINE), ids=lambda row: row[:30]
)
def test_a_file_named_without_its_folder_stands_in_one_of_its_rows(row: str) -> None:
    folders = [ROOT / folder for folder in re.findall(r"[\w./-]+/", row)]
    folders = [folder for folder in folders if folder.is_dir()]
    for name in re.findall(r"`([\w-]+\.(?:py|hpp|txt))`", row):
        assert any((folder / name).exists() for folder in folders), name


def test_every_target_of_make_is_one() -> None:
    targets = set(re.findall(r"(?:`|^)make (\w+)", TEXT, re.MULTILINE))
    assert {"test", "check"} <= targets
    assert [
        target for target in sorted(targets) if not re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)
    ] == []


def test_every_contract_class_and_variable_is_in_the_code() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    for name in ("BackendContract", "PlatformProfiler", "EdgeAdaptError", "FakeBackend", "RecordedProfiler"):
        assert f"`{name}`" in TEXT
        assert f"class {name}" in code


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"])
def test_every_link_leads_to_a_file(page: str) -> None:
    targets = re.findall(r"\]\(([^)\s#]+)", (ROOT / page).read_text(encoding="utf-8"))
    assert [target for target in targets if "://" not in target and not (ROOT / target).exists()] == []
