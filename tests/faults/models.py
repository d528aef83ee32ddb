"""Small ONNX models whose answers tell which of them gave them, and files that are damaged in every way a stage can meet."""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIZE = 16
INPUTS = 8
GOOD = ("a", "b", "c", "d")
# More bytes than an address space has: no allocator gives them, however much it promises.
_TOO_MANY = 2**45

Inputs = list[tuple[str, int, list[int | str]]]


def inputs() -> list[np.ndarray[Any, Any]]:
    """Return what the readers ask: small whole numbers, so that every order of summing up gives the same bits."""
    random = np.random.default_rng(7)
    return [random.integers(-8, 9, (1, SIZE)).astype(np.float32) for _ in range(INPUTS)]


def weights(name: str) -> np.ndarray[Any, Any]:
    """Return the matrix of a good model; all its numbers differ from those of the others."""
    random = np.random.default_rng(1)
    return (random.integers(-8, 9, (SIZE, SIZE)) * len(GOOD) + GOOD.index(name)).astype(np.float32)


@functools.cache
def good(name: str) -> bytes:
    """Return a model that multiplies by its matrix, with the matrix inside."""
    return _model([helper.make_node("MatMul", ["x", "w"], ["y"])], w=weights(name))


def expected(name: str) -> list[np.ndarray[Any, Any]]:
    """Return the good model's answers to `inputs()`."""
    return [array @ weights(name) for array in inputs()]


def unknown_operator() -> bytes:
    """Parses; its graph has an operator that nobody knows."""
    return _model([helper.make_node("Frobnicate", ["x"], ["y"])])


def too_large_to_parse() -> bytes:
    """A sparse weight whose dense form no memory holds."""
    value = helper.make_tensor("w", TensorProto.FLOAT, [1], [1.0])
    index = helper.make_tensor("i", TensorProto.INT64, [1], [0])
    graph = _graph(
        [helper.make_node("ReduceMean", ["w"], ["m"], keepdims=0), helper.make_node("Add", ["x", "m"], ["y"])]
    )
    graph.sparse_initializer.append(helper.make_sparse_tensor(value, index, [_TOO_MANY]))
    return _bytes(graph)


def fails_to_run() -> bytes:
    """Loads; each run looks for a row that its table has not."""
    nodes = [
        helper.make_node("Mul", ["x", "zero"], ["zeros"]),
        helper.make_node("Add", ["zeros", "far"], ["places"]),
        helper.make_node("Cast", ["places"], ["rows"], to=TensorProto.INT64),
        helper.make_node("Gather", ["w", "rows"], ["y"]),
    ]
    far = np.array(99, np.float32)
    return _model(nodes, zero=np.array(0, np.float32), far=far, w=np.ones(SIZE, np.float32))


def too_large_to_run() -> bytes:
    """Loads; each run asks for more memory than there is."""
    nodes = [
        helper.make_node("ReduceSum", ["x"], ["s"], keepdims=0),
        helper.make_node("Expand", ["s", "shape"], ["e"]),
        helper.make_node("ReduceMean", ["e"], ["m"], keepdims=0),
        helper.make_node("Add", ["x", "m"], ["y"]),
    ]
    return _model(nodes, shape=np.array([_TOO_MANY // 2**20, 2**20], np.int64))


def wider() -> bytes:
    """Takes twice as many numbers as the others."""
    nodes = [helper.make_node("MatMul", ["x", "w"], ["y"])]
    return _model(nodes, size=2 * SIZE, w=np.ones((2 * SIZE, SIZE), np.float32))


def save_with_weights_beside(path: Path, name: str) -> Path:
    """Write a good model with its matrix in a file of its own, and return that file."""
    beside = path.with_suffix(".weights")
    weights(name).tofile(beside)
    tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[SIZE, SIZE])
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", beside.name), ("offset", "0"), ("length", str(SIZE * SIZE * 4))):
        tensor.external_data.add(key=key, value=value)
    graph = _graph([helper.make_node("MatMul", ["x", "w"], ["y"])])
    graph.initializer.append(tensor)
    path.write_bytes(_bytes(graph))
    return beside


def replace(path: Path, content: bytes) -> None:
    """Put another file in a file's place, as an update does: what is open stays what it was."""
    new = path.with_suffix(".new")
    new.write_bytes(content)
    os.replace(new, path)


def truncate(path: Path) -> None:
    """Cut a file to a third where it stands."""
    os.truncate(path, path.stat().st_size // 3)


def _model(nodes: list[Any], size: int = SIZE, **constants: np.ndarray[Any, Any]) -> bytes:
    graph = _graph(nodes, size)
    graph.initializer.extend(numpy_helper.from_array(array, name) for name, array in constants.items())
    return _bytes(graph)


def _graph(nodes: list[Any], size: int = SIZE) -> Any:
    return helper.make_graph(
        nodes,
        "faults",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, size])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, SIZE])],
    )


def _bytes(graph: Any) -> bytes:
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    content: bytes = model.SerializeToString()
    return content


assert onnx.IR_VERSION >= 8
