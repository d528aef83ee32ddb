"""The native session beside the Python one: the same answers to the last bit, and the same words where it refuses."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
from pathlib import Path

import attrs
import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from onnx import TensorProto, helper, numpy_helper

from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.errors import ActivationError, EdgeAdaptError, InferenceTimeout
from edgeadapt.registry.integrity import OpenedFile
from edgeadapt.registry.variant import ModelVariant, SessionOptions
from tests.backends.onnx_models import looping

DTYPES = ("float16", "float32", "float64", "int8", "int16", "int32", "int64")
UNSIGNED = ("uint8", "uint16", "uint32", "uint64", "bool")


def tensor(name: str, dtype: str, shape: object) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(np.dtype(dtype)), shape)


def save(
    path: Path, nodes: list[onnx.NodeProto], inputs: list[object], outputs: list[object], **more: object
) -> ModelVariant:
    graph = helper.make_graph(nodes, "test", inputs, outputs, **more)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return ModelVariant(path.stem, str(path))


def identity(folder: Path, dtype: str, shape: object, outputs: int = 1) -> ModelVariant:
    """As many copies of `x` as asked for."""
    names = [f"y{index}" for index in range(outputs)]
    return save(
        folder / "identity.onnx",
        [helper.make_node("Identity", ["x"], [name]) for name in names],
        [tensor("x", dtype, shape)],
        [tensor(name, dtype, shape) for name in names],
    )


def native(variant: ModelVariant) -> ONNXBackend:
    backend = ONNXBackend(variant)
    backend.load()
    assert (backend.activation, backend.activation_reason) == ("native", "")
    return backend


def python(variant: ModelVariant) -> ONNXBackend:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EDGEADAPT_ONNX", "python")
        backend = ONNXBackend(variant)
        backend.load()
    assert backend.activation == "python"
    return backend


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


def big(folder: Path, external: bool) -> ModelVariant:
    """Some 40 MB of weights, so that a load lasts."""
    rng = np.random.default_rng(3)
    weights = [
        numpy_helper.from_array(rng.random((1024, 1024), np.float32), f"w{index}") for index in range(10)
    ]
    graph = helper.make_graph(
        [
            helper.make_node("MatMul", ["x" if index == 0 else f"h{index - 1}", f"w{index}"], [f"h{index}"])
            for index in range(10)
        ],
        "big",
        [tensor("x", "float32", ["N", 1024])],
        [tensor("h9", "float32", ["N", 1024])],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    path = folder / "big.onnx"
    if external:
        onnx.save(model, path, save_as_external_data=True, location="big.weights", size_threshold=0)
    else:
        onnx.save(model, path)
    return ModelVariant("big", str(path))


@pytest.mark.parametrize("external", [False, True])
@pytest.mark.parametrize("standby", [False, True])
@pytest.mark.parametrize("choice", ["native", "python"])
def test_a_checked_descriptor_is_what_is_loaded(
    tmp_path: Path, external: bool, standby: bool, choice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGEADAPT_ONNX", choice)
    variant = big(tmp_path, external)
    x = np.ones((1, 1024), np.float32) / 1024
    expected = python(variant).infer(x)
    file = OpenedFile(variant.name, variant.path)
    # Whoever renames another file into place changes nothing any more.
    other = tmp_path / "other"
    other.write_bytes(b"garbage")
    if not external:
        other.rename(variant.path)
    backend = ONNXBackend(variant, standby=standby, file=file)
    backend.load()
    file.close()
    np.testing.assert_allclose(backend.infer(x), expected, rtol=1e-5)


def test_a_load_is_cancelled_from_another_thread(tmp_path: Path) -> None:
    variant = big(tmp_path, external=False)
    backend = ONNXBackend(variant)
    failures: list[BaseException] = []

    def load() -> None:
        try:
            backend.load()
        except ActivationError as error:
            failures.append(error)

    thread = threading.Thread(target=load)
    thread.start()
    backend.cancel_load()
    thread.join()
    assert not backend.is_loaded
    assert [str(error) for error in failures] == [
        "variant `big` failed while loading: the load was cancelled"
    ]


def test_other_threads_run_python_while_a_model_loads(tmp_path: Path) -> None:
    variant = big(tmp_path, external=False)
    backend = ONNXBackend(variant)
    started, over = threading.Event(), threading.Event()

    def load() -> None:
        started.set()
        backend.load()
        over.set()

    thread = threading.Thread(target=load)
    thread.start()
    started.wait()
    turns = 0
    while not over.is_set():
        turns += 1
    thread.join()
    # Held throughout, the lock would let this loop turn hardly at all.
    assert turns > 1000


def test_a_run_that_takes_too_long_is_ended_and_the_next_one_answered(tmp_path: Path) -> None:
    variant = ModelVariant("slow", str(looping(tmp_path / "slow.onnx")))
    session = native(variant)._native
    x = np.zeros((64, 64), np.float32)
    with pytest.raises(
        InferenceTimeout, match="variant `slow` failed while inferring: it did not answer in time"
    ):
        session.infer({"turns": np.array(10**12), "x": x}, timeout_s=0.05)
    with pytest.raises(InferenceTimeout):
        session.infer({"turns": np.array(1), "x": x}, timeout_s=0.0)
    assert session.infer({"turns": np.array(3), "x": x}, timeout_s=60.0).shape == (64, 64)


_FORKED = """
import os, sys
import numpy as np
from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.errors import NotServing
from edgeadapt.registry.variant import ModelVariant
variant = ModelVariant("forked", sys.argv[1])
backend = ONNXBackend(variant)
backend.load()
x = np.ones((1, 4), np.float32)
backend.infer(x)
child = os.fork()
if child == 0:
    try:
        backend.infer(x)
    except NotServing as error:
        print(error, flush=True)
    backend.unload()
    backend = ONNXBackend(variant)
    backend.load()
    print(backend.infer(x).sum(), flush=True)
    os._exit(0)
print(os.waitpid(child, 0)[1], backend.infer(x).sum())
"""

_EXITING = """
import sys, threading
import numpy as np
from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.registry.variant import ModelVariant
backend = ONNXBackend(ModelVariant("exiting", sys.argv[1]))
backend.load()
x = np.zeros((64, 64), np.float32)
turns = np.array(int(sys.argv[2]))
ready = threading.Barrier(4)
def serve():
    ready.wait()
    while True:
        backend.infer({"turns": turns, "x": x})
for _ in range(3):
    threading.Thread(target=serve, daemon=True).start()
ready.wait()
backend.infer({"turns": np.array(1), "x": x})
print("over")
"""


def run(code: str, *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], check=True, capture_output=True, text=True, timeout=100
    ).stdout


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="this system does not fork")
def test_a_forked_child_is_told_and_can_load_again(tmp_path: Path) -> None:
    variant = identity(tmp_path, "float32", ["N", 4])
    assert run(_FORKED, variant.path).splitlines() == [
        "variant `forked` does not serve here: this model was loaded before the fork; load it again in the child process",
        "4.0",
        "0 4.0",
    ]


@pytest.mark.parametrize("turns", ["1", "100000000"])
def test_a_process_ends_while_its_threads_infer(tmp_path: Path, turns: str) -> None:
    assert run(_EXITING, str(looping(tmp_path / "slow.onnx")), turns) == "over\n"
