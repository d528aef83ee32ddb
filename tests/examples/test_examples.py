"""Each example runs as its docstring says, from the top of a checkout, and prints what it promises."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from edgeadapt.language import lint_text
from edgeadapt.registry import ModelFamily
from examples import basic

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = sorted(path for path in (ROOT / "examples").glob("*.py") if "__main__" in path.read_text("utf-8"))

# A line of each one's output, with room for what differs from run to run.
TOLD = {
    "basic": r"medium_int8 reads 711 of 719 digits, each in \d+\.\d+ ms",
    "benchmark": r"the quickest by the declared figures: tiny",
    "custom_policy": r"by heat, guarded +14   medium_int8 589, small 372",
    "yaml_family": r"tiny +\d\d/60 +\d+\.\d+   `pixels` uint8 \[8, 8\], `image` float32 \[N, 1, 4, 4\]",
}


def as_parameter(program: Path) -> Any:
    marks = [pytest.mark.long] if program.stem == "benchmark" else []
    return pytest.param(program, marks=marks, id=program.stem)


@pytest.mark.parametrize("program", [as_parameter(program) for program in PROGRAMS])
def test_it_runs_and_tells_what_it_found(program: Path) -> None:
    command = f"python examples/{program.name}"
    assert f"\n    {command}\n" in (ast.get_docstring(ast.parse(program.read_text("utf-8"))) or "")
    done = subprocess.run(
        [sys.executable, *command.split()[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(f"^{TOLD[program.stem]}$", done.stdout, re.MULTILINE), done.stdout


def test_the_policy_in_basic_is_free_of_problems() -> None:
    assert lint_text(basic.POLICY, family=ModelFamily.from_yaml(ROOT / "families/digits.yaml")) == ()


def test_the_family_of_raw_pixels_has_the_figures_of_the_shipped_one() -> None:
    shipped = ModelFamily.from_yaml(ROOT / "families/digits.yaml")
    pixels = ModelFamily.from_yaml(ROOT / "examples/pixels.yaml")
    assert [variant.metadata for variant in pixels] == [variant.metadata for variant in shipped]
    assert pixels.names == shipped.names
    assert pixels.missing_files() == ()
