"""Which files a model keeps weights in, told without loading it."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import helper

from edgeadapt.backends.external_data import external_files, refuse_outside
from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.errors import ActivationError
from edgeadapt.registry.integrity import OpenedFile
from edgeadapt.registry.variant import ModelVariant
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


def keeping_weights_in(path: Path, location: str) -> ModelVariant:
    """A model that adds what a file holds to its input."""
    node = helper.make_node("Add", ["x", "w"], ["y"])
    save(path, [node], {"x": (FLOAT, [4])}, {"y": (FLOAT, [4])}, {"w": np.zeros(4, np.float32)})
    model = onnx.load(path)
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=location)
    path.write_bytes(model.SerializeToString())
    return ModelVariant("m", str(path))


def loaded(variant: ModelVariant, by: str) -> ONNXBackend:
    if by == "path":
        backend = ONNXBackend(variant)
        backend.load()
        return backend
    file = OpenedFile(variant.name, variant.path)
    try:
        backend = ONNXBackend(variant, file=file)
        backend.load()
    finally:
        file.close()
    return backend


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.bin"
    path.write_bytes(np.full(4, 7, np.float32).tobytes())
    return path


WAYS = pytest.mark.parametrize("by", ["path", "descriptor"])
BOTH = pytest.mark.parametrize("choice", ["native", "python"])


@WAYS
@BOTH
@pytest.mark.parametrize(
    ("location", "problem"),
    [
        ("../secret.bin", "which is not in its folder; save them in a file beside it"),
        ("inner/../../secret.bin", "which is not in its folder"),
        ("absolute", "which is not in its folder"),
        ("link.bin", "a link that leads out of its folder, as in Hugging Face's cache; copy the model"),
        ("linked/secret.bin", "a link that leads out of its folder"),
        ("inner", "which is no file"),
        ("*/_ORT_MEM_ADDR_/*", "names weights in memory"),
        ("x" * 5000, "which is no file's name"),
    ],
)
def test_weights_that_are_not_the_models_own_are_refused(
    tmp_path: Path,
    secret: Path,
    by: str,
    choice: str,
    location: str,
    problem: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EDGEADAPT_ONNX", choice)
    folder = tmp_path / "model"
    (folder / "inner").mkdir(parents=True)
    (folder / "link.bin").symlink_to(secret)
    (folder / "linked").symlink_to(tmp_path)
    variant = keeping_weights_in(folder / "m.onnx", str(secret) if location == "absolute" else location)
    with pytest.raises(ActivationError) as caught:
        loaded(variant, by)
    assert caught.value.stage == "checking"
    assert problem in caught.value.reason
    assert variant.path in caught.value.reason


@WAYS
@BOTH
@pytest.mark.parametrize("location", ["w.bin", "inner/w.bin", "inner/../w.bin", "link.bin"])
def test_weights_in_the_models_folder_are_loaded_however_the_folder_is_reached(
    tmp_path: Path, by: str, choice: str, location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGEADAPT_ONNX", choice)
    folder = tmp_path / "model"
    (folder / "inner").mkdir(parents=True)
    for path in (folder / "w.bin", folder / "inner" / "w.bin"):
        path.write_bytes(np.full(4, 7, np.float32).tobytes())
    (folder / "link.bin").symlink_to("w.bin")
    (tmp_path / "way").symlink_to(folder)
    keeping_weights_in(folder / "m.onnx", location)
    for path in (folder / "m.onnx", tmp_path / "way" / "m.onnx"):
        answer = loaded(ModelVariant("m", str(path)), by).infer(np.ones(4, np.float32))
        assert answer.tolist() == [8, 8, 8, 8]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_weights_in_a_pipe_do_not_make_a_load_wait(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "w.fifo")
    with pytest.raises(ActivationError, match="which is no file"):
        loaded(keeping_weights_in(tmp_path / "m.onnx", "w.fifo"), "descriptor")


def test_more_files_than_a_model_has_are_refused(tmp_path: Path) -> None:
    variant = keeping_weights_in(tmp_path / "m.onnx", "w.bin")
    model = onnx.load(variant.path, load_external_data=False)
    for index in range(10_001):
        model.graph.initializer[0].external_data.add(key="location", value=str(index))
    content = model.SerializeToString()
    with pytest.raises(ActivationError, match="more than 10000 files; save them in one"):
        refuse_outside(variant, content, len(content))


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
