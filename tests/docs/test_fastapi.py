"""The page on FastAPI shows the example's own code, its files, variables and statuses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from edgeadapt.engine.engine import DEFAULT_STOP_S

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/how-to/fastapi.md").read_text(encoding="utf-8")
APP = (ROOT / "examples/fastapi_app.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("block", re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL))
def test_a_block_is_the_examples_own(block: str) -> None:
    assert block in APP


def test_every_file_that_is_named_is_there() -> None:
    named = set(re.findall(r"\b(?:examples|policies)/\w+\.\w+", PAGE))
    assert "examples/worker_place.py" in named
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


def test_every_variable_is_one_that_the_example_reads() -> None:
    for variable in set(re.findall(r"\bDIGITS_\w+", PAGE)):
        assert f'os.environ.get("{variable}")' in APP


def test_the_statuses_are_the_examples() -> None:
    for error, status in re.findall(r"^\| `(\w+)` \|.*\| (\d+)", PAGE, re.MULTILINE):
        if status != "500":  # what no handler takes
            assert re.search(rf"error: ea\.{error}\) -> Response:\n    return _problem\({status}", APP)


def test_a_stop_takes_as_long_as_is_said() -> None:
    assert (DEFAULT_STOP_S, "within five\nseconds" in PAGE) == (5.0, True)
