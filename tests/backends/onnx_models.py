"""Small ONNX models for tests of what stands around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

Shape = Sequence[int | str | None]
Tensors = Mapping[str, tuple[int, Shape]]
FLOAT, INT64, UINT8, STRING = TensorProto.FLOAT, TensorProto.INT64, TensorProto.UINT8, TensorProto.STRING


def save(
    path: Path,
    nodes: Sequence[onnx.NodeProto],
    inputs: Tensors,
    outputs: Tensors,
    constants: Mapping[str, Any] | None = None,
) -> Path:
    """Write a model of opset 17 and return its path."""
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in inputs.items()],
        [helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in outputs.items()],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in (constants or {}).items()],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path


def doubling(path: Path, shape: Shape = ("N", 4), image: str = "image", scores: str = "scores") -> Path:
    """Write a model that doubles its one input."""
    node = helper.make_node("Add", [image, image], [scores])
    return save(path, [node], {image: (FLOAT, shape)}, {scores: (FLOAT, shape)})


def crashing(path: Path) -> Path:
    """Write a model whose load ends the process on x86: it divides the least number by -1, which overflows."""
    nodes = [helper.make_node("Div", ["least", "minus"], ["a"]), helper.make_node("Add", ["x", "a"], ["y"])]
    constants = {"least": np.array([-(2**63)]), "minus": np.array([-1])}
    return save(path, nodes, {"x": (INT64, [1])}, {"y": (INT64, [1])}, constants)
