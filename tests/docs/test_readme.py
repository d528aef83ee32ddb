"""What README shows is what happens: its policy, its commands and their output, and its Python."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from edgeadapt.cli.main import main
from edgeadapt.diagnostics import Source
from edgeadapt.language import lint_text
from edgeadapt.language.formatter import format_policy
from edgeadapt.language.parser import parse
from edgeadapt.registry.family import ModelFamily
from edgeadapt.shipped import shipped

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


POLICY = blocks("eap")[0]


def test_the_policy_is_free_of_problems_and_in_canonical_form() -> None:
    family = ModelFamily.from_yaml(shipped("families/digits.yaml"))
    assert lint_text(POLICY, family=family) == ()
    assert format_policy(parse(Source("readme", POLICY))) == POLICY


@pytest.mark.parametrize("block", blocks("console"), ids=lambda block: block.split()[2])
def test_a_command_prints_what_is_shown(block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command, _, shown = block.replace("\\\n", " ").partition("\n")
    (tmp_path / "my_camera.eap").write_text(POLICY, encoding="utf-8")
    (tmp_path / "bad.eap").write_text(POLICY.replace("75 °C", "75C"), encoding="utf-8")
    for folder in ("families", "policies"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    program, *arguments = shlex.split(command.removeprefix("$ "), comments=True)
    assert program in (".venv/bin/edgeadapt", ".venv/bin/python")
    output = (
        CliRunner().invoke(main, arguments).output
        if program.endswith("edgeadapt")
        else subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False).stdout
    )
    assert output.startswith(shown.rstrip("\n"))


# The others need an hour, a device, an engine that runs, or models that are not here.
@pytest.mark.parametrize(
    "name", ["fmt", "test", "explain", "decisions", "dry-run", "inspect-model", "validate"]
)
def test_a_command_of_the_table_runs(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (command,) = re.findall(rf"^\| `edgeadapt ({name} [^`]*)` \|", README, re.MULTILINE)
    (tmp_path / "my_camera.eap").write_text(POLICY, encoding="utf-8")
    for folder in ("families", "policies"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, shlex.split(command))
    assert result.exit_code == 0, result.output


def test_the_table_names_commands_as_they_are() -> None:
    for name in re.findall(r"^\| `edgeadapt ([a-z-]+)", README, re.MULTILINE):
        assert CliRunner().invoke(main, [name, "--help"]).exit_code == 0


def test_the_python_of_the_page_is_python() -> None:
    for block in blocks("python"):
        ast.parse(block)


def test_the_test_of_the_page_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (block,) = (block for block in blocks("python") if "def test_" in block)
    names: dict[str, Any] = {}
    # In angle brackets it is no file to read source lines from.
    exec(compile(block, "<README.md>", "exec"), names)
    for name in [name for name in names if name.startswith("test_")]:
        names[name]()
