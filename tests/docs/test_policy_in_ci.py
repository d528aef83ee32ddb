"""The page on CI: its commands print what is shown, and those of its workflow are commands that succeed."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from edgeadapt.cli.main import main
from edgeadapt.shipped import shipped
from tests.docs.blocks import PageRun, blocks

PAGE = (Path(__file__).resolve().parents[2] / "docs/how-to/policy-in-ci.md").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("families", "policies"):
        (tmp_path / name).symlink_to(shipped(name))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def yaml_block(file: str) -> Any:
    (text,) = (block.text for block in blocks(PAGE) if block.file == file)
    return YAML(typ="safe").load(text)


def test_the_page_does_what_it_shows(folder: Path) -> None:
    run = PageRun(folder)
    for block in blocks(PAGE):
        run.run(block)
    assert 'tests="10"' in (folder / "report.xml").read_text(encoding="utf-8")
    assert (folder / "camera.eapc").stat().st_size > 0


def test_the_commands_of_both_workflows_succeed() -> None:
    steps = [*yaml_block("policies.yml")["jobs"]["check"]["steps"], *yaml_block("scanning.yml")]
    commands = [step["run"].partition(" > ")[0] for step in steps if "run" in step]
    assert commands.pop(0) == "pip install edgeadapt"
    for command in commands:
        program, *arguments = shlex.split(command)
        assert program == "edgeadapt"
        # As many traces as show that the command is one.
        result = CliRunner().invoke(main, arguments + (["--examples", "20"] if "fuzz" in arguments else []))
        assert result.exit_code == 0, result.output
