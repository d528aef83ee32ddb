"""What may be installed beside EdgeAdapt is what pyproject offers, and is told with its version or its pip line."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

from edgeadapt.tooling import extras as extras_module
from edgeadapt.tooling.extras import EXTRAS, backends, extras

PYPROJECT = (Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8")


@pytest.mark.parametrize("extra", EXTRAS)
def test_each_extra_is_one_of_pyprojects_and_brings_its_package(extra: str) -> None:
    (line,) = [line for line in PYPROJECT.splitlines() if line.startswith(f"{extra} = [")]
    assert f'"{EXTRAS[extra][0]}' in line


def test_what_is_here_has_its_version_and_what_is_missing_its_pip_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert extras()["testing"]["version"] == metadata.version("hypothesis")
    monkeypatch.setattr(extras_module, "version_of", lambda package: None)
    assert extras()["plot"]["version"] is None
    assert extras()["plot"]["install"] == "pip install 'edgeadapt[plot]'"


def test_every_backend_says_what_it_is_missing() -> None:
    found = backends()
    assert found["onnx"] == {
        "module": "onnxruntime",
        "version": metadata.version("onnxruntime"),
        "missing": "",
    }
    assert bool(found["openvino"]["missing"]) == (found["openvino"]["version"] is None)
