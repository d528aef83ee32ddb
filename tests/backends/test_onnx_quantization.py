"""Whether a model is quantized is read from its operators' names, cheaply, and unknown where the file can't tell."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from onnx import helper

from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.backends.onnx_quantization import has_quantized_operators
from edgeadapt.registry import ModelFamily, ModelVariant
from edgeadapt.registry.integrity import FileIdentity
from edgeadapt.shipped import shipped
from tests.backends.onnx_models import FLOAT, doubling, save


def quantizing(path: Path) -> Path:
    nodes = [
        helper.make_node("QuantizeLinear", ["image", "scale", "zero"], ["whole"]),
        helper.make_node("DequantizeLinear", ["whole", "scale", "zero"], ["scores"]),
    ]
    constants = {"scale": np.float32(0.5), "zero": np.uint8(0)}
    return save(path, nodes, {"image": (FLOAT, ("N", 4))}, {"scores": (FLOAT, ("N", 4))}, constants)


@pytest.mark.parametrize("name", ["tiny", "small", "medium_int8", "medium", "full"])
def test_the_shipped_models_tell(name: str) -> None:
    variant = ModelFamily.from_yaml(shipped("families/digits.yaml")).variant(name)
    assert has_quantized_operators(variant.path) is (name == "medium_int8")


@pytest.mark.parametrize(
    "operator", ["QLinearConv", "QLinearMatMul", "ConvInteger", "MatMulInteger", "DynamicQuantizeLinear", "MatMulNBits", "DequantizeLinear"]
)  # fmt: skip
def test_every_kind_of_quantized_operator_counts(operator: str, tmp_path: Path) -> None:
    node = helper.make_node(operator, ["x"], ["y"])
    path = save(tmp_path / "m.onnx", [node], {"x": (FLOAT, (1,))}, {"y": (FLOAT, (1,))})
    assert has_quantized_operators(str(path)) is True


@pytest.mark.parametrize("content", [b"", b"no model", b"\x3a\xff\xff\xff\xff\x0f", b"\x00" * 100])
def test_what_is_no_model_tells_nothing(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_bytes(content)
    assert has_quantized_operators(str(tmp_path / "m.onnx")) is None


def test_a_file_that_is_not_there_or_another_by_now_tells_nothing(tmp_path: Path) -> None:
    path = doubling(tmp_path / "m.onnx")
    identity = FileIdentity.of(os.stat(path))
    assert has_quantized_operators(str(path), identity) is False
    os.replace(quantizing(tmp_path / "new.onnx"), path)
    assert has_quantized_operators(str(path), identity) is None
    assert has_quantized_operators(str(path)) is True
    assert has_quantized_operators(str(tmp_path / "none.onnx")) is None
    assert has_quantized_operators("\0") is None


def test_a_backend_reads_its_model_and_believes_attributes_only_where_that_tells_nothing(
    tmp_path: Path,
) -> None:
    path = doubling(tmp_path / "m.onnx")
    backend = ONNXBackend(ModelVariant("m", str(path), attributes={"quantized": True}))
    assert backend.capabilities.quantized is True
    backend.load()
    assert backend.capabilities.quantized is False
    path.unlink()
    assert backend.capabilities.quantized is True


def test_a_quantized_model_is_told_by_its_backend(tmp_path: Path) -> None:
    backend = ONNXBackend(ModelVariant("m", str(quantizing(tmp_path / "m.onnx"))))
    assert backend.capabilities.quantized is False
    backend.load()
    assert backend.capabilities.quantized is True
