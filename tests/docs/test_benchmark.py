"""The page on measuring: its commands work, by few runs, and its numbers are those of the code."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

import edgeadapt as ea
from edgeadapt.benchmark import comparison, runner
from edgeadapt.benchmark.percentiles import runs_needed
from edgeadapt.shipped import shipped
from tests.docs.blocks import Block, PageRun, blocks

PAGE = (Path(__file__).resolve().parents[2] / "docs/how-to/benchmark.md").read_text(encoding="utf-8")


def quick(block: Block) -> Block:
    """Let a command run so few times that it takes a second; of the shipped family it would take longer even so."""
    lines = [
        f"{line} --runs 1 --warm-up 0" if line.startswith("$ edgeadapt benchmark") else line
        for line in block.text.splitlines()
        if "families/digits.yaml" not in line
    ]
    return block if block.language != "console" else attrs.evolve(block, text="\n".join([*lines, ""]))


def test_the_page_does_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "families").symlink_to(shipped("families"))
    monkeypatch.chdir(tmp_path)
    run = PageRun(tmp_path)
    shown = [quick(block) for block in blocks(PAGE)]
    # The file is shown after the first command that takes it.
    for block in sorted(shown, key=lambda block: not block.file):
        run.run(block)
    metadata = ea.ModelFamily.from_yaml("small.yaml").variant("small").metadata
    assert metadata.memory_footprint_mb is not None
    assert "# of the held-out images" in Path("small.yaml").read_text(encoding="utf-8")
    assert Path("before.json").exists()


def test_the_numbers_are_those_of_the_code() -> None:
    flat = " ".join(PAGE.split())
    assert f"in up to {runner.PROCESSES} fresh processes" in flat
    counts = [runs_needed(percent) for percent in (50, 95, 99)]
    assert "from {}, {} and {} runs".format(*counts) in flat
    assert f"The error is {comparison.CHANCE * 100:g} %" in flat
    assert f"The medians differ by {comparison.LEAST_CHANGE * 100:g} %" in flat
    least = comparison.LEAST
    assert f"({least['p50']:g} ms, {least['load']} ms for a load, {least['memory']} MB)" in flat


def test_the_reports_are_of_every_variant_of_the_shipped_family() -> None:
    report, changes = (block.text for block in blocks(PAGE) if block.language == "text")
    names = ea.ModelFamily.from_yaml(shipped("families/digits.yaml")).names
    assert [line.split()[0] for line in report.splitlines() if line.startswith(names)] == [*names, *names]
    assert changes.splitlines()[-1].startswith("Beyond noise: ")
