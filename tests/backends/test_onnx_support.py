"""Whether ONNX Runtime's shared library serves, and what is said where it does not."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest

from edgeadapt.backends.onnx_support import support


def test_the_installed_library_serves() -> None:
    found = support()
    assert (found.reason, found.version) == ("", importlib.metadata.version("onnxruntime"))
    assert found.path is not None
    assert "onnxruntime/capi" in Path(found.path).as_posix()


_UNIMPORTED = """
import sys
import numpy as np
from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.registry import ModelFamily
from edgeadapt.shipped import shipped
variant = ModelFamily.from_yaml(shipped("families/digits.yaml")).variant("tiny")
backend = ONNXBackend(variant)
backend.load()
print(backend.activation, backend.infer(np.zeros((1, 1, 4, 4), np.float32)).shape, "onnxruntime" in sys.modules)
"""


def test_onnx_runtimes_python_module_is_not_imported() -> None:
    done = subprocess.run([sys.executable, "-c", _UNIMPORTED], check=True, capture_output=True, text=True)
    assert done.stdout == "native (1, 10) False\n"


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("python", "the environment variable `EDGEADAPT_ONNX` says so"),
        ("pyton", "the environment variable `EDGEADAPT_ONNX` is `native` or `python`, not `pyton`"),
    ],
)
def test_the_environment_can_choose_the_python_module(
    choice: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGEADAPT_ONNX", choice)
    found = support()
    assert (found.path, found.version, found.reason) == (None, None, said)


@pytest.mark.parametrize("choice", ["native", ""])
def test_the_environment_can_name_what_is_chosen_anyway(choice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGEADAPT_ONNX", choice)
    assert support().reason == ""


def test_the_environment_can_name_another_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = support()
    assert installed.path is not None
    other = tmp_path / "other.so"
    other.symlink_to(installed.path)
    monkeypatch.setenv("EDGEADAPT_ONNXRUNTIME_LIBRARY", str(other))
    assert support() == type(installed)(str(other), installed.version, "")


def test_a_library_that_is_not_there_or_is_another_is_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing, text = tmp_path / "missing.so", tmp_path / "text.so"
    text.write_text("no library")
    for path in (missing, text):
        monkeypatch.setenv("EDGEADAPT_ONNXRUNTIME_LIBRARY", str(path))
        found = support()
        assert (found.path, found.version) == (str(path), None)
        assert str(path) in found.reason


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("FAKE_ORT_VERSION", "1.16.3", "ONNX Runtime 1.16.3 is too old; 1.17 would do"),
        ("FAKE_ORT_REFUSES", "1", "ONNX Runtime 1.23.0 refuses level 22 of its API"),
        ("FAKE_ORT_LACKS", "Run", "ONNX Runtime 1.23.0 has no `Run` where it belongs"),
    ],
)
def test_a_library_that_cannot_be_used_is_a_reason(
    name: str, value: str, said: str, fresh_fake_ort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    found = support()
    assert (found.path, found.version, found.reason) == (fresh_fake_ort, None, said)


def test_without_onnxruntime_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    found = support()
    assert (found.path, found.version) == (None, None)
    assert found.reason == "onnxruntime is not installed; install it: pip install onnxruntime"


def test_a_wheel_without_the_library_is_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "onnxruntime" / "capi").mkdir(parents=True)
    (tmp_path / "onnxruntime" / "__init__.py").touch()
    monkeypatch.delitem(sys.modules, "onnxruntime", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    found = support()
    assert found.reason == "the installed onnxruntime has no shared library; versions from 1.19 on have one"
