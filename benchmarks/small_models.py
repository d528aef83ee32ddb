"""Makes models whose inference is short, so that what it costs to ask them shows. Each takes `x` and gives `y`."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def nothing_model(path: Path) -> Path:
    """Write a model that gives the four numbers it takes."""
    return _write(path, [helper.make_node("Identity", ["x"], ["y"])], [], (4, 4))


def perceptron_model(path: Path, widths: tuple[int, ...] = (64, 256, 256, 10)) -> Path:
    """Write a perceptron with layers of these widths."""
    random = np.random.default_rng(0)
    nodes, weights = [], []
    at, last = "x", len(widths) - 2
    for layer, shape in enumerate(itertools.pairwise(widths)):
        weight = random.standard_normal(shape, np.float32) / np.float32(np.sqrt(shape[0]))
        weights.append(numpy_helper.from_array(weight, f"w{layer}"))
        nodes.append(helper.make_node("MatMul", [at, f"w{layer}"], ["y" if layer == last else f"m{layer}"]))
        if layer != last:
            nodes.append(helper.make_node("Relu", [f"m{layer}"], [f"r{layer}"]))
        at = f"r{layer}"
    return _write(path, nodes, weights, (widths[0], widths[-1]))


def _write(
    path: Path,
    nodes: list[onnx.NodeProto],
    weights: list[onnx.TensorProto],
    widths: tuple[int, int],
) -> Path:
    inputs, outputs = (
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, width])]
        for name, width in zip("xy", widths, strict=True)
    )
    graph = helper.make_graph(nodes, "small", inputs, outputs, weights)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path
