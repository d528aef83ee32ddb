"""The page on observing: its examples run in order and print what is shown."""

from __future__ import annotations

import doctest
import importlib.util
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from edgeadapt.cli.main import main
from edgeadapt.observability.collector import DEFAULT_CAPACITY
from edgeadapt.observability.courier import DEFAULT_BACKLOG
from edgeadapt.observability.logging_setup import LEVELS
from edgeadapt.shipped import shipped

PAGE = (Path(__file__).resolve().parents[2] / "docs/how-to/observe.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("families", "policies"):
        (tmp_path / name).symlink_to(shipped(name))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def test_the_python_prints_what_is_shown_and_the_log_it_wrote_replays(folder: Path) -> None:
    names: dict[str, Any] = {}
    for number, block in enumerate(blocks("python")):
        if "prometheus_client" in block and importlib.util.find_spec("prometheus_client") is None:
            continue
        example = doctest.DocTestParser().get_doctest(block, names, f"block {number}", None, None)
        # Names go on from one block to the next.
        assert doctest.DocTestRunner().run(example, clear_globs=False).failed == 0
        names = example.globs
    (command,) = blocks("console")
    (shown,) = blocks("text")
    program, *arguments = shlex.split(command.removeprefix("$ "))
    result = CliRunner().invoke(main, arguments)
    assert program == "edgeadapt"
    assert result.exit_code == 0, result.output
    assert result.output.endswith(shown)


def test_the_numbers_and_the_levels_are_those_of_the_code() -> None:
    assert f"up to {DEFAULT_CAPACITY} events" in PAGE
    assert f"a queue of {DEFAULT_BACKLOG} events" in PAGE
    for level in LEVELS:
        assert f"`{level}`" in PAGE
