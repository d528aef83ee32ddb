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


def crashing_by_width(path: Path, width: int) -> Path:
    """Write a model of any width whose run ends the process on x86 at that one: there it divides the least number by -1."""
    nodes = [
        helper.make_node("Shape", ["image"], ["shape"]),
        helper.make_node("Gather", ["shape", "last"], ["width"]),
        helper.make_node("Sub", ["width", "above"], ["minus"]),
        helper.make_node("Div", ["least", "minus"], ["quotient"]),
        helper.make_node("Cast", ["quotient"], ["number"], to=FLOAT),
        helper.make_node("Add", ["image", "number"], ["scores"]),
    ]
    constants = {"last": np.array([1]), "above": np.array([width + 1]), "least": np.array([-(2**63)])}
    shape = ("N", "W")
    return save(path, nodes, {"image": (FLOAT, shape)}, {"scores": (FLOAT, shape)}, constants)


def crashing_on_zeros(path: Path) -> Path:
    """Write a model of four numbers whose run ends the process on x86 where one of them is zero."""
    nodes = [
        helper.make_node("Cast", ["image"], ["whole"], to=INT64),
        helper.make_node("Sub", ["whole", "one"], ["minus"]),
        helper.make_node("Div", ["least", "minus"], ["quotient"]),
        helper.make_node("Cast", ["quotient"], ["scores"], to=FLOAT),
    ]
    constants = {"one": np.array([1]), "least": np.array([-(2**63)])}
    return save(path, nodes, {"image": (FLOAT, (1, 4))}, {"scores": (FLOAT, (1, 4))}, constants)


def crashing(path: Path) -> Path:
    """Write a model whose load ends the process on x86: it divides the least number by -1, which overflows."""
    nodes = [helper.make_node("Div", ["least", "minus"], ["a"]), helper.make_node("Add", ["x", "a"], ["y"])]
    constants = {"least": np.array([-(2**63)]), "minus": np.array([-1])}
    return save(path, nodes, {"x": (INT64, [1])}, {"y": (INT64, [1])}, constants)


def looping(path: Path) -> Path:
    """Write a model that takes as many `turns` as asked for, each of which ends soon, over a matrix `x` of 64 by 64."""
    value = helper.make_tensor_value_info
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["go"], ["still"]),
            helper.make_node("MatMul", ["state", "state"], ["squared"]),
            helper.make_node("Softmax", ["squared"], ["next"]),
        ],
        "body",
        [value("turn", INT64, []), value("go", TensorProto.BOOL, []), value("state", FLOAT, [64, 64])],
        [value("still", TensorProto.BOOL, []), value("next", FLOAT, [64, 64])],
    )
    node = helper.make_node("Loop", ["turns", "", "x"], ["y"], body=body)
    return save(path, [node], {"turns": (INT64, []), "x": (FLOAT, [64, 64])}, {"y": (FLOAT, [64, 64])})
