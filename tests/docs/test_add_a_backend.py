"""The page about backends of one's own: its class serves, its output is what is shown, and its test passes."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from edgeadapt.backends.shipped_backends import BACKENDS

PAGE = (Path(__file__).resolve().parents[2] / "docs/how-to/add-a-backend.md").read_text(encoding="utf-8")
SERVING, ENGINE, CONTRACT, GATE = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def shown(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "linear_backend.py").write_text(SERVING, encoding="utf-8")
    (tmp_path / "example.py").write_text(ENGINE, encoding="utf-8")
    (tmp_path / "test_linear_backend.py").write_text(CONTRACT, encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str) -> str:
    # This Python's modules wherever they are, and the example's own beside it.
    places = os.pathsep.join([str(folder), *sys.path])
    environment = {**os.environ, "PYTHONPATH": places, "PYTEST_ADDOPTS": "-p no:cacheprovider"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    return done.stdout


def test_the_engine_prints_what_is_shown(folder: Path) -> None:
    assert run(folder, "example.py") == shown("text")


def test_the_backend_keeps_the_contract(folder: Path) -> None:
    command, _, expected = shown("console").partition("\n")
    assert command.startswith("$ python ")
    assert run(folder, *command.split()[2:]).splitlines()[0] == expected.rstrip("\n")


def test_the_gate_answers_what_is_shown() -> None:
    example = doctest.DocTestParser().get_doctest(GATE, {}, "page", None, None)
    assert doctest.DocTestRunner().run(example).failed == 0


def test_every_shipped_backend_has_a_row() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    assert rows == list(BACKENDS)
