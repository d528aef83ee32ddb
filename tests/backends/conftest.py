"""Small models; and ONNX Runtime's stand-in, built from the core's tests: a library that does what its model files say."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from onnx import helper

from edgeadapt.registry.variant import ModelVariant
from tests.backends import both_sessions, onnx_models

CPP = Path(__file__).parents[2] / "cpp"


class FakeOrt:
    """The library at `path`; `cpp/tests/fake_ort.cpp` says what a model may order."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)
        self._library = ctypes.CDLL(self.path)
        self._library.fake_ort_count.restype = ctypes.c_long
        self._library.fake_ort_options.restype = ctypes.c_char_p

    def count(self, what: str) -> int:
        return int(self._library.fake_ort_count(what.encode()))

    def options(self) -> dict[str, str]:
        lines = self._library.fake_ort_options().decode().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def wake(self) -> None:
        self._library.fake_ort_wake()

    @staticmethod
    def model(path: Path, **orders: str) -> ModelVariant:
        path.write_text("\n".join(["fake-ort", *(f"{key}: {value}" for key, value in orders.items())]))
        return ModelVariant(path.stem, str(path))


@pytest.fixture
def doubling(tmp_path: Path) -> ModelVariant:
    """`image` [N, 4] in, `doubled` out."""
    path = onnx_models.doubling(tmp_path / "doubling.onnx", scores="doubled")
    return ModelVariant("doubling", str(path))


@pytest.fixture
def pair(tmp_path: Path) -> ModelVariant:
    """`left` and `right` in, their sum and difference out."""
    names = ("left", "right", "sum", "difference")
    left, right, total, difference = (both_sessions.tensor(name, "int64", [3]) for name in names)
    nodes = [
        helper.make_node("Add", ["left", "right"], ["sum"]),
        helper.make_node("Sub", ["left", "right"], ["difference"]),
    ]
    return both_sessions.save(tmp_path / "pair.onnx", nodes, [left, right], [total, difference])


@pytest.fixture(scope="session")
def built_fake_ort(tmp_path_factory: pytest.TempPathFactory) -> FakeOrt:
    compiler = shutil.which(os.environ.get("CXX", "c++"))
    if compiler is None or os.name == "nt":
        pytest.skip("there is no compiler for the stand-in")
    path = tmp_path_factory.mktemp("fake_ort") / "libfake_ort.so"
    command = [compiler, "-std=c++20", "-shared", "-fPIC", "-pthread", f"-I{CPP / 'include'}"]
    subprocess.run([*command, str(CPP / "tests" / "fake_ort.cpp"), "-o", str(path)], check=True)
    return FakeOrt(path)


@pytest.fixture
def fake_ort(built_fake_ort: FakeOrt, monkeypatch: pytest.MonkeyPatch) -> FakeOrt:
    """The stand-in, and every backend that is loaded meanwhile is served by it."""
    monkeypatch.setenv("EDGEADAPT_ONNXRUNTIME_LIBRARY", built_fake_ort.path)
    return built_fake_ort


@pytest.fixture
def fresh_fake_ort(built_fake_ort: FakeOrt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The path of a copy that this process has not opened yet."""
    path = shutil.copy(built_fake_ort.path, tmp_path / "fresh.so")
    monkeypatch.setenv("EDGEADAPT_ONNXRUNTIME_LIBRARY", str(path))
    return str(path)
