"""`edgeadapt scaffold lint` starts a lint in a source tree, and overwrites nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from edgeadapt.cli.main import main

FOLDER = Path("src/edgeadapt/language/lints")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / FOLDER).mkdir(parents=True)
    return tmp_path


def scaffolded(name: str, root: Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["scaffold", "lint", name, "--root", str(root)])
    return result.exit_code, result.stdout + result.stderr


def test_a_new_lint_gets_its_file(tree: Path) -> None:
    code, said = scaffolded("slow-start", tree)
    made = tree / FOLDER / "slow_start.py"
    assert code == 0
    assert made.as_posix() in said
    assert 'NAME = "slow-start"' in made.read_text("utf-8")


def test_a_file_that_is_there_is_kept(tree: Path) -> None:
    (tree / FOLDER / "slow_start.py").write_text("mine")
    code, said = scaffolded("slow-start", tree)
    assert code == 2
    assert "exists already" in said
    assert (tree / FOLDER / "slow_start.py").read_text() == "mine"


@pytest.mark.parametrize("name", ["no-hysteresis", "Slow", "../evil"])
def test_a_name_that_can_not_be_is_refused(tree: Path, name: str) -> None:
    assert scaffolded(name, tree)[0] == 2


def test_a_folder_that_is_no_source_tree_is_refused(tmp_path: Path) -> None:
    code, said = scaffolded("slow-start", tmp_path)
    assert code == 2
    assert "source tree" in said


def test_help_shows_the_example_on_lines_of_its_own() -> None:
    shown = CliRunner().invoke(main, ["scaffold", "lint", "--help"]).stdout
    assert "\n  Examples:\n    edgeadapt scaffold lint no-hysteresis\n" in shown
