"""Every backend that EdgeAdapt brings keeps the contract of them all."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import helper

from edgeadapt.backends import InferenceBackend
from edgeadapt.backends.fake import FakeBackend
from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.backends.openvino_backend import OpenVINOBackend
from edgeadapt.errors import ActivationError
from edgeadapt.registry.variant import ModelVariant
from edgeadapt.testing.backend_contract import BackendContract
from tests.backends.onnx_models import FLOAT, INT64, doubling, save


class TestFake(BackendContract):
    def make(self) -> InferenceBackend:
        return FakeBackend("a")

    def make_failing(self) -> InferenceBackend:
        return FakeBackend("a", load_error=ActivationError("a", "loading", "it was told to fail"))


class OfOneInput(BackendContract):
    """A model of one input and one output."""

    kind: Any = ONNXBackend
    backend = "onnx"

    @pytest.fixture(autouse=True)
    def _model(self, tmp_path: Path) -> None:
        self.path = doubling(tmp_path / "m.onnx", ("N", 4))

    def make(self) -> InferenceBackend:
        made: InferenceBackend = self.kind(ModelVariant("m", str(self.path), backend=self.backend))
        return made

    def make_failing(self) -> InferenceBackend:
        broken = self.path.with_name("broken.onnx")
        broken.write_bytes(b"no model")
        failing: InferenceBackend = self.kind(ModelVariant("broken", str(broken), backend=self.backend))
        return failing

    def wrong_inputs(self) -> tuple[Any, ...]:
        right = np.zeros((1, 4), "float32")
        return (
            right.astype("float64"),
            right[0],
            np.zeros((1, 5), "float32"),
            {"picture": right},
            {},
            [right, right],
            None,
            "text",
            [0.0, 1.0, 2.0, 3.0],
        )


class OfTwoInputs(OfOneInput):
    """A model of two inputs and two outputs, all of fixed sizes; the second output is the first input itself."""

    @pytest.fixture(autouse=True)
    def _model(self, tmp_path: Path) -> None:
        nodes = [
            helper.make_node("Add", ["b", "b"], ["sum"]),
            helper.make_node("Identity", ["a"], ["same"]),
        ]
        inputs = {"b": (INT64, (2, 3)), "a": (FLOAT, (2, 3))}
        outputs = {"sum": (INT64, (2, 3)), "same": (FLOAT, (2, 3))}
        self.path = save(tmp_path / "two.onnx", nodes, inputs, outputs)

    def inputs(self) -> tuple[Any, ...]:
        a, b = np.arange(6, dtype="float32").reshape(2, 3), np.arange(6).reshape(2, 3)
        return ({"a": a, "b": b}, {"b": b * 3, "a": a + 1})


class ByPython:
    @pytest.fixture(autouse=True)
    def _by_python(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("EDGEADAPT_ONNX", "python")


# Looked for, not imported: it is the backend's import that keeps its telemetry off.
@pytest.mark.skipif(importlib.util.find_spec("openvino") is None, reason="openvino is not installed")
class ByOpenVINO:
    kind = OpenVINOBackend
    backend = "openvino"


class TestONNX(OfOneInput):
    def test_the_native_session_is_what_is_tested(self) -> None:
        backend = ONNXBackend(ModelVariant("m", str(self.path)))
        backend.load()
        assert backend.activation == "native"


class TestONNXOfTwo(OfTwoInputs):
    pass


class TestONNXByPython(ByPython, OfOneInput):
    def test_the_python_module_is_what_is_tested(self) -> None:
        backend = ONNXBackend(ModelVariant("m", str(self.path)))
        backend.load()
        assert backend.activation == "python"


class TestONNXOfTwoByPython(ByPython, OfTwoInputs):
    pass


class TestOpenVINO(ByOpenVINO, OfOneInput):
    pass


class TestOpenVINOOfTwo(ByOpenVINO, OfTwoInputs):
    pass
