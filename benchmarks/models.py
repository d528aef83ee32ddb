"""Makes the models that benchmarks serve, at run time: an image's convolutions, with weights added to make a big file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from edgeadapt.registry.family import ModelFamily
from edgeadapt.registry.variant import SessionOptions

SIDE = 32
IMAGE = np.random.default_rng(0).standard_normal((1, 3, SIDE, SIDE)).astype(np.float32)

# A matrix of 10 MB.
_WIDTH = 1581
_MATRIX_MB = 4 * _WIDTH**2 / 1e6


def image_model(
    path: Path,
    *,
    dense_mb: float = 0,
    table_mb: float = 0,
    channels: int = 32,
    layers: int = 6,
    external: bool = False,
    seed: int = 1,
) -> Path:
    """Write a model that takes `IMAGE`: convolutions, then `dense_mb` of matrices, one after the other, then ten numbers.

    `table_mb` adds a table of embeddings, of which an inference reads one row. `external` puts the weights into a file beside it, which a session can map.
    """
    random = np.random.default_rng(seed)
    weights: list[Any] = []
    nodes: list[Any] = []

    def add(operator: str, source: str, weight: Any = None, **attributes: Any) -> str:
        inputs, output = [source], f"t{len(nodes)}"
        if weight is not None:
            # Small enough that no layer's numbers grow or vanish.
            scaled = weight * np.float32(
                1.4 / np.sqrt(weight[0].size if weight.ndim == 4 else weight.shape[0])
            )
            weights.append(numpy_helper.from_array(scaled, f"w{len(weights)}"))
            inputs.append(weights[-1].name)
        nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def drawn(*shape: int) -> Any:
        return random.standard_normal(shape, dtype=np.float32)

    at = "x"
    for layer in range(layers):
        at = add("Conv", at, drawn(channels, channels if layer else 3, 3, 3), pads=[1, 1, 1, 1])
        at = add("Relu", at)
    at = add("Flatten", add("GlobalAveragePool", at))
    if table_mb:
        row = add("ArgMax", at, axis=1, keepdims=0)
        rows = numpy_helper.from_array(drawn(int(table_mb * 1e6 / 4 / channels), channels), "table")
        weights.append(rows)
        nodes.append(helper.make_node("Gather", ["table", row], ["embedding"]))
        nodes.append(helper.make_node("Add", [at, "embedding"], ["embedded"]))
        at = "embedded"
    count, width = round(dense_mb / _MATRIX_MB), channels
    if count:
        at, width = add("MatMul", at, drawn(width, _WIDTH)), _WIDTH
    for _ in range(count):
        at = add("Relu", add("MatMul", at, drawn(width, width)))
    nodes.append(helper.make_node("Identity", [add("MatMul", at, drawn(width, 10))], ["y"]))

    graph = helper.make_graph(
        nodes,
        "image",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, IMAGE.shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 10])],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, path, save_as_external_data=external, location=f"{path.name}.data" if external else None)
    return path


def family_of(paths: dict[str, Path], session: SessionOptions | None = None, **given: Any) -> ModelFamily:
    """Return a family of these files; without `session`, with one thread in an operator."""
    family = ModelFamily("images")
    for name, path in paths.items():
        family.add_variant(name, path, session=session or SessionOptions(intra_op_num_threads=1), **given)
    return family
