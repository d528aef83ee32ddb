"""Models as variants, loaded through the native session and through the Python one, for tests that set both side by side."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper

from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.registry.variant import ModelVariant


def tensor(name: str, dtype: str, shape: object) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(np.dtype(dtype)), shape)


def save(
    path: Path, nodes: list[onnx.NodeProto], inputs: list[object], outputs: list[object], **more: object
) -> ModelVariant:
    graph = helper.make_graph(nodes, "test", inputs, outputs, **more)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return ModelVariant(path.stem, str(path))


def identity(folder: Path, dtype: str, shape: object, outputs: int = 1) -> ModelVariant:
    """As many copies of `x` as asked for."""
    names = [f"y{index}" for index in range(outputs)]
    return save(
        folder / "identity.onnx",
        [helper.make_node("Identity", ["x"], [name]) for name in names],
        [tensor("x", dtype, shape)],
        [tensor(name, dtype, shape) for name in names],
    )


def native(variant: ModelVariant) -> ONNXBackend:
    backend = ONNXBackend(variant)
    backend.load()
    assert (backend.activation, backend.activation_reason) == ("native", "")
    return backend


def python(variant: ModelVariant) -> ONNXBackend:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EDGEADAPT_ONNX", "python")
        backend = ONNXBackend(variant)
        backend.load()
    assert backend.activation == "python"
    return backend
