"""The committed stub says what the native module has."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import edgeadapt

STUB = Path(edgeadapt.__file__).with_name("_core.pyi")


def test_the_stub_is_the_one_that_the_module_gives(tmp_path: Path) -> None:
    fresh = tmp_path / "_core.pyi"
    subprocess.run(
        [sys.executable, "-m", "nanobind.stubgen", "-q", "-D", "-m", "edgeadapt._core", "-o", fresh],
        check=True,
    )
    subprocess.run(
        [
            sys.executable,
            "-m",
            "ruff",
            "format",
            "-q",
            "--line-length",
            "110",
            "--target-version",
            "py310",
            fresh,
        ],
        check=True,
    )
    command = "python -m nanobind.stubgen -D -m edgeadapt._core -o src/edgeadapt/_core.pyi"
    assert fresh.read_text() == STUB.read_text(), f"run `{command}` and `ruff format`"
