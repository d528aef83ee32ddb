"""The GitHub workflow calls commands that are there, on the Pythons that are supported."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
WORKFLOW = YAML(typ="safe").load(ROOT / ".github/workflows/ci.yml")
PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
JOBS: dict[str, Any] = WORKFLOW["jobs"]
COMMANDS = [step["run"] for job in JOBS.values() for step in job["steps"] if "run" in step]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_one_of_the_projects_own_or_builds_packages(command: str) -> None:
    program, *arguments = command.split()
    if program == "make":
        for target in arguments:
            assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE), target
    elif program == "pipx":
        assert arguments[1].partition("==")[0] in ("build", "twine", "cibuildwheel")
    else:
        assert program == ".ci/run"
        assert os.access(ROOT / program, os.X_OK)


def test_the_checks_of_a_change_are_all_called() -> None:
    assert {"make test", ".ci/run", "make docs"} <= set(COMMANDS)


def test_the_oldest_python_that_is_promised_is_tried() -> None:
    (oldest,) = re.findall(r'^requires-python = ">=(.+)"$', PROJECT, re.MULTILINE)
    assert JOBS["test"]["strategy"]["matrix"]["python"][0] == oldest


def test_wheels_are_built_for_every_python_from_the_oldest_that_is_tried_to_the_newest() -> None:
    (minors,) = re.findall(r'^build = "cp3\{([\d,]+)\}-\*"$', PROJECT, re.MULTILINE)
    tried = [int(version.partition(".")[2]) for version in JOBS["test"]["strategy"]["matrix"]["python"]]
    assert [int(minor) for minor in minors.split(",")] == list(range(tried[0], tried[-1] + 1))


def test_what_is_kept_of_the_docs_is_where_they_are_built() -> None:
    (kept,) = (step["with"]["path"] for step in JOBS["docs"]["steps"] if "path" in step.get("with", {}))
    assert f"site_dir: {kept}\n" in (ROOT / "mkdocs.yml").read_text(encoding="utf-8")


def test_no_job_runs_for_ever() -> None:
    assert [name for name, job in JOBS.items() if "timeout-minutes" not in job] == []
