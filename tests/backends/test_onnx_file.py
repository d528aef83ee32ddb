"""The files that a model is loaded from: in ORT's own format, with weights beside it, with names that are no text."""

from __future__ import annotations

import gc
import shutil
from pathlib import Path

import attrs
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.errors import ActivationError
from edgeadapt.registry.integrity import OpenedFile
from edgeadapt.registry.variant import ModelVariant, SessionOptions

X = np.ones((1, 1024), np.float32) / 1024
# Below, a file is read whole; above, it is given as a descriptor.
SIZES = pytest.mark.parametrize("matrices", [1, 3], ids=["small", "large"])
BOTH = pytest.mark.parametrize("choice", ["native", "python"])


def model(matrices: int) -> onnx.ModelProto:
    """Some 4 MB of weights a matrix."""
    random = np.random.default_rng(5)
    weights = [
        numpy_helper.from_array(random.random((1024, 1024), np.float32), f"w{index}")
        for index in range(matrices)
    ]
    names = ["x", *(f"h{index}" for index in range(1, matrices)), "y"]
    nodes = [
        helper.make_node("MatMul", [names[index], f"w{index}"], [names[index + 1]])
        for index in range(matrices)
    ]
    inputs, outputs = ([helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", 1024])] for name in "xy")
    graph = helper.make_graph(nodes, "test", inputs, outputs, weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def expected(made: onnx.ModelProto) -> np.ndarray:
    answer = X.astype(np.float64)
    for weight in made.graph.initializer:
        answer = answer @ numpy_helper.to_array(weight)
    return answer


def in_orts_own_format(made: onnx.ModelProto, path: Path) -> Path:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.optimized_model_filepath = str(path)
    options.add_session_config_entry("session.save_model_format", "ORT")
    onnxruntime.InferenceSession(made.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return path


def load_from_descriptor(variant: ModelVariant, *, before: object = None) -> ONNXBackend:
    """Load what is opened now; `before` is called between the two."""
    file = OpenedFile(variant.name, variant.path)
    try:
        if callable(before):
            before()
        backend = ONNXBackend(variant, file=file)
        backend.load()
    finally:
        file.close()
    return backend


@SIZES
@BOTH
@pytest.mark.parametrize("by", ["path", "descriptor"])
def test_a_file_in_orts_own_format_is_loaded(
    tmp_path: Path, matrices: int, choice: str, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = model(matrices)
    path = in_orts_own_format(made, tmp_path / "model.ort")
    monkeypatch.setenv("EDGEADAPT_ONNX", choice)
    variant = ModelVariant("ort", str(path))
    if by == "descriptor":
        backend = load_from_descriptor(variant, before=path.unlink)
    else:
        backend = ONNXBackend(variant)
        backend.load()
    assert backend.activation == choice
    np.testing.assert_allclose(backend.infer(X), expected(made), rtol=1e-4)


def with_weights_beside(folder: Path, matrices: int) -> tuple[ModelVariant, onnx.ModelProto]:
    """The last matrix in a file of its own, the others in the model's."""
    made = model(matrices)
    kept = onnx.ModelProto()
    kept.CopyFrom(made)
    onnx.external_data_helper.set_external_data(kept.graph.initializer[-1], "model.weights")
    onnx.save(kept, folder / "model.onnx")
    return ModelVariant("beside", str(folder / "model.onnx")), made


@SIZES
@BOTH
def test_weights_beside_the_model_are_found(
    tmp_path: Path, matrices: int, choice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGEADAPT_ONNX", choice)
    variant, made = with_weights_beside(tmp_path, matrices)
    monkeypatch.chdir(tmp_path)
    for path in (variant.path, "model.onnx"):
        backend = load_from_descriptor(attrs.evolve(variant, path=path))
        assert backend.activation == choice
        np.testing.assert_allclose(backend.infer(X), expected(made), rtol=1e-4)


@BOTH
def test_a_large_model_that_an_old_version_takes_by_path_alone_must_still_be_there(
    tmp_path: Path, choice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGEADAPT_ONNX", choice)
    variant, made = with_weights_beside(tmp_path, matrices=3)
    other = tmp_path / "other.onnx"
    shutil.copy(variant.path, other)
    reason = ""
    try:
        backend = load_from_descriptor(variant, before=lambda: other.rename(variant.path))
    except ActivationError as error:
        reason = error.reason
    else:
        np.testing.assert_allclose(backend.infer(X), expected(made), rtol=1e-4)
    assert reason in ("", f"`{variant.path}` was replaced while it was loaded; load it again")


@SIZES
@BOTH
def test_a_refused_file_is_called_by_its_path(
    tmp_path: Path, matrices: int, choice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGEADAPT_ONNX", choice)
    path = tmp_path / "cut.onnx"
    path.write_bytes(model(matrices).SerializeToString()[:-5])
    with pytest.raises(ActivationError) as caught:
        load_from_descriptor(ModelVariant("cut", str(path)))
    assert caught.value.stage == "loading"
    assert caught.value.reason.startswith(f"cannot load `{path}`: ")
    assert "/proc/" not in caught.value.reason


@BOTH
def test_a_model_that_the_runtime_reads_where_it_lies_answers_after_all_else_let_go_of_its_bytes(
    tmp_path: Path, choice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGEADAPT_ONNX", choice)
    made = model(1)
    path = in_orts_own_format(made, tmp_path / "model.ort")
    names = ("use_ort_model_bytes_directly", "use_ort_model_bytes_for_initializers", "disable_prepacking")
    session = SessionOptions(config_entries={f"session.{name}": "1" for name in names})
    backend = load_from_descriptor(ModelVariant("ort", str(path), session=session))
    gc.collect()
    # Would take the place of bytes that were freed.
    others = [b"\xff" * path.stat().st_size for _ in range(20)]
    np.testing.assert_allclose(backend.infer(X), expected(made), rtol=1e-4)
    assert len(others) == 20


@BOTH
def test_names_that_are_no_text_are_a_failed_load(
    tmp_path: Path, choice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGEADAPT_ONNX", choice)
    inputs, outputs = (
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1])] for name in ("nnnn", "y")
    )
    graph = helper.make_graph([helper.make_node("Identity", ["nnnn"], ["y"])], "g", inputs, outputs)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    path = tmp_path / "names.onnx"
    path.write_bytes(made.SerializeToString().replace(b"nnnn", b"\xff\xfen\x80"))
    backend = ONNXBackend(ModelVariant("names", str(path)))
    with pytest.raises(ActivationError) as caught:
        backend.load()
    assert caught.value.stage == "loading"
    assert str(path) in caught.value.reason
    assert not backend.is_loaded
