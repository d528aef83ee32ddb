"""Which files a model keeps weights in, told without loading it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import helper

from edgeadapt.backends.external_data import external_files
from tests.backends.onnx_models import FLOAT, doubling, save


def with_weights(path: Path) -> Path:
    nodes = [helper.make_node("MatMul", ["x", "w"], ["m"]), helper.make_node("Add", ["m", "b"], ["y"])]
    weights = {"w": np.ones((300, 300), np.float32), "b": np.ones(300, np.float32)}
    return save(path, nodes, {"x": (FLOAT, [1, 300])}, {"y": (FLOAT, [1, 300])}, weights)


@pytest.mark.parametrize("one_file", [True, False])
def test_the_files_of_external_weights_are_found(tmp_path: Path, one_file: bool) -> None:
    path = with_weights(tmp_path / "inside.onnx")
    assert external_files(str(path)) == ()
    onnx.save(
        onnx.load(path),
        tmp_path / "outside.onnx",
        save_as_external_data=True,
        all_tensors_to_one_file=one_file,
        location="weights.bin" if one_file else None,
        size_threshold=0,
    )
    wanted = ["weights.bin"] if one_file else ["b", "w"]
    assert external_files(str(tmp_path / "outside.onnx")) == tuple(str(tmp_path / name) for name in wanted)


def test_a_file_that_is_not_there_or_is_no_model_has_none(tmp_path: Path) -> None:
    assert external_files(str(tmp_path / "gone.onnx")) == ()
    assert external_files("nul\0") == ()
    empty = tmp_path / "empty.onnx"
    empty.touch()
    assert external_files(str(empty)) == ()


@given(st.binary(max_size=300))
def test_any_bytes_end_in_an_answer(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("bytes") / "any.onnx"
    path.write_bytes(data)
    assert isinstance(external_files(str(path)), tuple)


@given(st.data())
def test_a_damaged_model_ends_in_an_answer(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = doubling(tmp_path_factory.mktemp("damaged") / "m.onnx")
    content = bytearray(path.read_bytes())
    for _ in range(3):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    assert isinstance(external_files(str(path)), tuple)
