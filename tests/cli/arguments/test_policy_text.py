"""A folder of policies is searched for one's own, and not for the copies that other tools keep."""

from __future__ import annotations

import os
from pathlib import Path

from edgeadapt.cli.arguments.policy_text import policy_paths


def test_hidden_folders_and_python_environments_are_passed_over(tmp_path: Path) -> None:
    for folder in ("mine", ".git", "venv/lib"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "p.eap").touch()
    (tmp_path / "venv" / "pyvenv.cfg").touch()
    assert [*policy_paths([str(tmp_path)])] == [os.path.join(str(tmp_path), "mine", "p.eap")]


def test_an_environment_that_is_named_is_searched(tmp_path: Path) -> None:
    (tmp_path / "pyvenv.cfg").touch()
    (tmp_path / "p.eap").touch()
    assert [*policy_paths([str(tmp_path)])] == [os.path.join(str(tmp_path), "p.eap")]
