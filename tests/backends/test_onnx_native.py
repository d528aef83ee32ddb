"""The native session beside the Python one: the same answers to the last bit, and the same words where it refuses."""

from __future__ import annotations

import gc
from pathlib import Path

import attrs
import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from onnx import TensorProto, helper

from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.errors import ActivationError, EdgeAdaptError
from edgeadapt.registry.variant import ModelVariant, SessionOptions
from tests.backends.both_sessions import identity, native, python, save, tensor

DTYPES = ("float16", "float32", "float64", "int8", "int16", "int32", "int64")
UNSIGNED = ("uint8", "uint16", "uint32", "uint64", "bool")


def assert_same(found: object, expected: object) -> None:
    """Same kind, type, shape and bits."""
    assert type(found) is type(expected)
    if isinstance(expected, dict):
        assert isinstance(found, dict)
        assert list(found) == list(expected)
        for name, value in expected.items():
            assert_same(found[name], value)
        return
    assert isinstance(found, np.ndarray)
    assert isinstance(expected, np.ndarray)
    assert (found.dtype, found.shape) == (expected.dtype, expected.shape)
    assert found.tobytes() == expected.tobytes()
    assert found.flags.writeable
    assert found.flags.owndata


def same_outcome(variant: ModelVariant, given: object) -> None:
    """Both ways give the same answer, or refuse in the same words."""
    found, expected = outcome(native(variant), given), outcome(python(variant), given)
    if isinstance(expected, tuple):
        assert found == expected
    else:
        assert_same(found, expected)


def outcome(backend: ONNXBackend, given: object) -> object:
    try:
        return backend.infer(given)
    except EdgeAdaptError as error:
        return type(error), str(error)


@pytest.mark.parametrize("dtype", DTYPES + UNSIGNED)
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0, 3), (1, 2, 1, 3, 1, 2, 1, 2, 1)])
def test_every_type_and_rank_comes_back_as_from_the_python_session(
    tmp_path: Path, dtype: str, shape: tuple[int, ...]
) -> None:
    array = np.asarray(np.random.default_rng(7).integers(0, 100, shape)).astype(dtype)
    for declared in (shape, [None] * len(shape), [f"n{axis}" for axis in range(len(shape))], None):
        variant = identity(tmp_path, dtype, declared)
        assert native(variant)._native.infer(array) is not NotImplemented
        same_outcome(variant, array)


@st.composite
def models(draw: st.DrawFn) -> tuple[str, list[str], list[onnx.NodeProto], int]:
    dtype = draw(st.sampled_from(["float32", "float64", "int32", "int64"]))
    inputs = draw(st.integers(1, 3))
    names = [f"x{index}" for index in range(inputs)]
    nodes = []
    for index in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(["Add", "Sub", "Mul", "Neg", "Abs", "Identity"]))
        operands = [draw(st.sampled_from(names)) for _ in range(2 if kind in ("Add", "Sub", "Mul") else 1)]
        nodes.append(helper.make_node(kind, operands, [f"t{index}"]))
        names.append(f"t{index}")
    return dtype, names[:inputs], nodes, draw(st.integers(1, len(nodes)))


@settings(max_examples=40, deadline=None)
@given(data=st.data(), model=models())
def test_any_model_answers_as_the_python_session_does(
    data: st.DataObject,
    model: tuple[str, list[str], list[onnx.NodeProto], int],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    dtype, names, nodes, outputs = model
    variant = save(
        tmp_path_factory.getbasetemp() / "any.onnx",
        nodes,
        [tensor(name, dtype, ["N", 3]) for name in names],
        [tensor(f"t{len(nodes) - 1 - index}", dtype, None) for index in range(outputs)],
    )
    rows = data.draw(st.integers(0, 4))
    arrays = {name: data.draw(hnp.arrays(dtype, (rows, 3))) for name in names}
    with np.errstate(all="ignore"):
        same_outcome(variant, arrays)
        same_outcome(variant, list(arrays.values()))
        if len(names) == 1:
            same_outcome(variant, arrays[names[0]])


class Sub(np.ndarray):
    pass


WHOLE = np.arange(12, dtype=np.float32).reshape(3, 4)
LOCKED = WHOLE.copy()
LOCKED.flags.writeable = False
ODD = np.frombuffer(b"\0" + WHOLE.tobytes(), np.uint8)[1:].view(np.float32).reshape(3, 4)


@pytest.mark.parametrize(
    "given",
    [
        WHOLE,
        LOCKED,
        ODD,
        WHOLE[::-1],
        WHOLE[:, ::-1],
        np.asfortranarray(WHOLE),
        np.asfortranarray(WHOLE[:1]),
        np.broadcast_to(WHOLE[:1], (5, 4)),
        WHOLE.astype(">f4"),
        WHOLE.view(Sub),
        np.ma.masked_array(WHOLE, WHOLE > 3),
        WHOLE.astype(np.float64),
        WHOLE.astype(object),
        WHOLE.astype(str),
        WHOLE[0],
        WHOLE[:, :3],
        WHOLE[:0],
        np.float32(3),
        {"x": WHOLE},
        {"y": WHOLE},
        {"x": WHOLE, "y": WHOLE},
        {},
        {"x": [1.0]},
        [WHOLE],
        (WHOLE,),
        [WHOLE, WHOLE],
        [],
        [[1.0, 2.0, 3.0, 4.0]],
        None,
        "x",
        3,
        np.zeros(3, [("x", "f4")]),
        np.zeros((1, 4), np.complex64),
        np.zeros((1, 4), "M8[s]"),
    ],
    ids=lambda given: repr(given)[:40].replace("\n", " "),
)
def test_whatever_is_given_both_ways_say_the_same(tmp_path: Path, given: object) -> None:
    same_outcome(identity(tmp_path, "float32", ["N", 4]), given)


@pytest.mark.parametrize("letter", ["l", "q", "L", "Q", "i", "I", "h", "H", "b", "B"])
def test_types_of_the_same_numbers_are_the_same(tmp_path: Path, letter: str) -> None:
    array = np.arange(5, dtype=letter)
    variant = identity(tmp_path, array.dtype.name.replace("longlong", "int64"), [5])
    assert native(variant)._native.infer(array) is not NotImplemented
    same_outcome(variant, array)


def test_many_inputs_and_outputs_need_no_fixed_room(tmp_path: Path) -> None:
    names = [f"x{index}" for index in range(20)]
    variant = save(
        tmp_path / "many.onnx",
        [helper.make_node("Neg", [name], [f"-{name}"]) for name in names],
        [tensor(name, "float32", [2]) for name in names],
        [tensor(f"-{name}", "float32", [2]) for name in names],
    )
    same_outcome(variant, {name: np.full(2, index, np.float32) for index, name in enumerate(names)})


def test_an_answer_is_the_callers_own(tmp_path: Path) -> None:
    backend = native(identity(tmp_path, "float32", ["N", 4], outputs=2))
    first = backend.infer(WHOLE)
    kept = {name: value.copy() for name, value in first.items()}
    for _ in range(20):
        backend.infer(WHOLE * 0)
    del backend
    gc.collect()
    for name, value in kept.items():
        np.testing.assert_array_equal(first[name], value)
        assert not np.shares_memory(first["y0"], first["y1"])


def test_what_the_runtime_refuses_is_the_callers_error_in_both(tmp_path: Path) -> None:
    variant = save(
        tmp_path / "unknown.onnx",
        [helper.make_node("MatMul", ["x", "w"], ["y"])],
        [tensor("x", "float32", None), tensor("w", "float32", None)],
        [tensor("y", "float32", None)],
    )
    given = {"x": np.zeros((2, 3), np.float32), "w": np.zeros((4, 5), np.float32)}
    same_outcome(variant, given)
    with pytest.raises(EdgeAdaptError):
        native(variant).infer(given)


@pytest.mark.parametrize("kind", ["string", "bfloat16", "sequence"])
def test_what_a_native_session_cannot_take_the_python_one_serves_and_says_why(
    tmp_path: Path, kind: str
) -> None:
    if kind == "sequence":
        value = lambda name: helper.make_tensor_sequence_value_info(name, TensorProto.FLOAT, None)  # noqa: E731 - two of a kind
    else:
        element = {"string": TensorProto.STRING, "bfloat16": TensorProto.BFLOAT16}[kind]
        value = lambda name: helper.make_tensor_value_info(name, element, [2])  # noqa: E731 - two of a kind
    variant = save(
        tmp_path / "other.onnx", [helper.make_node("Identity", ["x"], ["y"])], [value("x")], [value("y")]
    )
    backend = ONNXBackend(variant)
    backend.load()
    assert backend.native is None
    assert (backend.activation, backend.activation_reason) == (
        "python",
        "it takes `x`, which is no array of plain numbers",
    )
    if kind == "string":
        assert list(backend.infer(np.array(["a", "b"]))) == ["a", "b"]


def test_another_provider_is_the_python_sessions(tmp_path: Path) -> None:
    import onnxruntime

    others = [name for name in onnxruntime.get_available_providers() if name != "CPUExecutionProvider"]
    if not others:
        pytest.skip("this onnxruntime has but one provider")
    variant = attrs.evolve(identity(tmp_path, "float32", [1]), session=SessionOptions(providers=others))
    backend = ONNXBackend(variant)
    try:
        backend.load()
    except ActivationError:
        return
    assert "is beyond the table of native functions" in backend.activation_reason
