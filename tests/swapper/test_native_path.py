"""A backend with a native session is asked without its Python `infer`, wherever what is given is a plain array."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.errors import InputError
from edgeadapt.registry.variant import ModelVariant
from edgeadapt.swapper import HotSwapper

X = np.arange(4, dtype=np.float32).reshape(1, 4)


class AskedInPythonError(Exception):
    pass


class Unasked(ONNXBackend):
    """Answers by its native session alone."""

    def infer(self, inputs: Any) -> Any:
        raise AskedInPythonError


def adding(folder: Path, number: int) -> ModelVariant:
    """A model that adds a number to each of its four."""
    value = numpy_helper.from_array(np.array(number, np.float32), "number")
    inputs, outputs = ([helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", 4])] for name in "xy")
    graph = helper.make_graph(
        [helper.make_node("Add", ["x", "number"], ["y"])], "g", inputs, outputs, [value]
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    path = folder / f"{number}.onnx"
    onnx.save(made, path)
    return ModelVariant(str(number), str(path))


def swapper_of(folder: Path, backend: type[ONNXBackend], *numbers: int) -> HotSwapper:
    variants = {str(number): adding(folder, number) for number in numbers}
    return HotSwapper(lambda name: backend(variants[name]), str(numbers[0]))


@pytest.mark.parametrize("given", [X, [X], (X,), {"x": X}], ids=["array", "list", "tuple", "dict"])
def test_plain_arrays_take_the_native_path(tmp_path: Path, given: Any) -> None:
    with swapper_of(tmp_path, Unasked, 1) as swapper:
        np.testing.assert_array_equal(swapper.infer(given), X + 1)
        outputs, variant, generation = swapper.infer_detailed(given)
        np.testing.assert_array_equal(outputs, X + 1)
        assert (variant, generation) == ("1", 1)
        with swapper.lease() as lease:
            np.testing.assert_array_equal(lease.infer(given), X + 1)
        np.testing.assert_array_equal(swapper.get_backend().infer(given), X + 1)


@pytest.mark.parametrize(
    "given",
    [X[:, ::-1], X.astype(">f4"), X.astype(np.float64), None, {"y": X}],
    ids=lambda given: type(given),
)
def test_anything_else_is_the_backends_own_to_judge(tmp_path: Path, given: Any) -> None:
    with swapper_of(tmp_path, Unasked, 1) as swapper, pytest.raises(AskedInPythonError):
        swapper.infer(given)


def test_what_is_no_plain_array_gets_the_same_answer_or_a_reason(tmp_path: Path) -> None:
    with swapper_of(tmp_path, ONNXBackend, 1) as swapper:
        np.testing.assert_array_equal(swapper.infer(X[:, ::-1]), X[:, ::-1] + 1)
        np.testing.assert_array_equal(swapper.infer(X.astype(">f4")), X + 1)
        with pytest.raises(InputError, match=r"convert it with `.astype\('float32'\)`"):
            swapper.infer(X.astype(np.float64))


def test_every_answer_is_one_whole_generations_while_variants_change(tmp_path: Path) -> None:
    swapper = swapper_of(tmp_path, Unasked, 1, 2, 3)
    wrong: list[object] = []
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            outputs, variant, _ = swapper.infer_detailed(X)
            if not np.array_equal(outputs, X + int(variant)):
                wrong.append((variant, outputs))

    threads = [threading.Thread(target=serve) for _ in range(3)]
    for thread in threads:
        thread.start()
    for turn in range(60):
        event = swapper.swap_to(str(turn % 3 + 1)).wait()
        assert event is not None
        assert event.error is None
    over.set()
    for thread in threads:
        thread.join()
    swapper.close()
    assert wrong == []
