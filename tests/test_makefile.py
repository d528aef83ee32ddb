"""`make demo` in a fresh checkout says what it does meanwhile, and ends where a step fails. Stand-ins do the steps."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).parent.parent / "Makefile"
PYTHON = """#!/bin/sh
[ "$2" = venv ] || exit 0
mkdir -p .venv/bin
cp pip edgeadapt .venv/bin
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "Makefile").write_bytes(MAKEFILE.read_bytes())
    for name in ("pyproject.toml", "CMakeLists.txt"):
        (tmp_path / name).touch()
    for name, script in (
        ("python", PYTHON),
        ("pip", "#!/bin/sh\n"),
        ("edgeadapt", "#!/bin/sh\necho the day\n"),
    ):
        (tmp_path / name).write_text(script)
        (tmp_path / name).chmod(0o755)
    return tmp_path


def _demo(checkout: Path, *more: str) -> subprocess.CompletedProcess[str]:
    # Apart from a make that runs the tests: its flags and jobs are its own.
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "demo", "PYTHON=./python", "CXX=true", *more]
    return subprocess.run(command, cwd=checkout, env=env, capture_output=True, text=True, check=False)


def test_each_long_step_is_named_before_it_begins_and_neither_is_done_twice(checkout: Path) -> None:
    first, again = _demo(checkout), _demo(checkout)
    assert first.stdout.splitlines() == [
        "setting up .venv, once: first the tools that build the native core",
        "compiling the native core, and installing EdgeAdapt and what it works with: a minute or two, the first time",
        ".venv/bin/edgeadapt demo",
        "the day",
    ]
    assert again.stdout.splitlines() == [".venv/bin/edgeadapt demo", "the day"]


def test_a_failed_step_ends_it_and_is_done_again_the_next_time(checkout: Path) -> None:
    (checkout / "pip").write_text('#!/bin/sh\ncase "$*" in *-e*) echo no network >&2; exit 1;; esac\n')
    failed, again = _demo(checkout), _demo(checkout)
    assert failed.returncode == again.returncode == 2
    assert "no network" in failed.stderr
    assert "the day" not in failed.stdout
    assert "compiling" in again.stdout


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (
            "CXX=false",
            "EdgeAdapt needs a C++20 compiler: install g++ 11 or newer, or name one with 'make CXX=g++-12'",
        ),
        (
            "PYTHON=false",
            "EdgeAdapt needs Python 3.10 or newer: install it, or name it with 'make PYTHON=python3.11'",
        ),
    ],
)
def test_what_is_missing_is_told_before_anything_is_set_up(checkout: Path, what: str, said: str) -> None:
    result = _demo(checkout, what)
    assert (result.returncode, result.stdout) == (2, said + "\n")
