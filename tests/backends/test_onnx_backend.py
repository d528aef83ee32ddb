"""ONNXBackend on small models made here: what it takes, what it answers, and what it says when it can't."""

from __future__ import annotations

import threading
from pathlib import Path

import attrs
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.errors import ActivationError, EdgeAdaptError, InferenceError, InputError, NotServing
from edgeadapt.registry.variant import ModelVariant, SessionOptions

IMAGE = np.arange(8, dtype=np.float32).reshape(2, 4)


def save(
    path: Path,
    nodes: list[onnx.NodeProto],
    inputs: list[object],
    outputs: list[object],
    constants: tuple[onnx.TensorProto, ...] = (),
) -> ModelVariant:
    graph = helper.make_graph(nodes, "test", inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, path)
    return ModelVariant(path.stem, str(path))


@pytest.fixture
def doubling(tmp_path: Path) -> ModelVariant:
    """`image` [N, 4] in, `doubled` out."""
    return save(
        tmp_path / "doubling.onnx",
        [helper.make_node("Add", ["image", "image"], ["doubled"])],
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 4])],
        [helper.make_tensor_value_info("doubled", TensorProto.FLOAT, ["N", 4])],
    )


@pytest.fixture
def pair(tmp_path: Path) -> ModelVariant:
    """`left` and `right` in, their sum and difference out."""
    return save(
        tmp_path / "pair.onnx",
        [
            helper.make_node("Add", ["left", "right"], ["sum"]),
            helper.make_node("Sub", ["left", "right"], ["difference"]),
        ],
        [
            helper.make_tensor_value_info("left", TensorProto.INT64, [3]),
            helper.make_tensor_value_info("right", TensorProto.INT64, [3]),
        ],
        [
            helper.make_tensor_value_info("sum", TensorProto.INT64, [3]),
            helper.make_tensor_value_info("difference", TensorProto.INT64, [3]),
        ],
    )


def loaded(variant: ModelVariant) -> ONNXBackend:
    backend = ONNXBackend(variant)
    backend.load()
    return backend


@pytest.mark.parametrize("given", [IMAGE, {"image": IMAGE}, [IMAGE], (IMAGE,)])
def test_one_input_may_come_as_an_array_a_dict_or_a_sequence(doubling: ModelVariant, given: object) -> None:
    answer = loaded(doubling).infer(given)
    assert isinstance(answer, np.ndarray)
    np.testing.assert_array_equal(answer, IMAGE * 2)


def test_several_inputs_and_outputs_go_by_name_or_in_order(pair: ModelVariant) -> None:
    left, right = np.array([5, 6, 7]), np.array([1, 2, 3])
    backend = loaded(pair)
    for given in ({"right": right, "left": left}, [left, right], (left, right)):
        answer = backend.infer(given)
        assert list(answer) == ["sum", "difference"]
        np.testing.assert_array_equal(answer["sum"], [6, 8, 10])
        np.testing.assert_array_equal(answer["difference"], [4, 4, 4])


def test_what_becomes_an_array_counts_as_one(doubling: ModelVariant) -> None:
    class Tensor:
        def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
            return IMAGE

    np.testing.assert_array_equal(loaded(doubling).infer(Tensor()), IMAGE * 2)


def test_layout_and_byte_order_do_not_matter(doubling: ModelVariant) -> None:
    backend = loaded(doubling)
    for given in (
        np.asfortranarray(IMAGE),
        IMAGE[::-1],
        IMAGE.astype(">f4"),
        np.broadcast_to(IMAGE[:1], (3, 4)),
    ):
        np.testing.assert_array_equal(backend.infer(given), np.asarray(given, np.float32) * 2)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (None, "got nothing (`None`)"),
        (3.5, "got a float"),
        ("image", "got a str"),
        (object(), "got an object"),
        ([], "got 0 values"),
        ([IMAGE, IMAGE], "got 2 values"),
        ([1.0, 2.0, 3.0, 4.0], "got 4 values"),
        ([[1.0, 2.0, 3.0, 4.0]], "`image` was given a list instead of an array; wrap it: `numpy.asarray("),
        ([None], "`image` was given nothing (`None`) instead of an array"),
        ({}, "got nothing for `image`"),
        ({"imgae": IMAGE}, "got an input named `imgae`; did you mean `image`?"),
        ({"image": IMAGE, "mask": IMAGE}, "got an input named `mask`; known: image"),
        ({1: IMAGE}, "got an input named `1`"),
        ({"image": None}, "`image` was given nothing (`None`) instead of an array"),
        (IMAGE.astype(np.float64), "`image` was given float64; convert it with `.astype('float32')`"),
        (IMAGE.astype(np.int32), "`image` was given int32; convert it"),
        (IMAGE.astype(object), "`image` was given object"),
        (IMAGE.astype(str), "`image` was given <U32"),
        (np.float32(1), "`image` was given the shape []"),
        (IMAGE[0], "`image` was given the shape [4]"),
        (IMAGE[None], "`image` was given the shape [1, 2, 4]"),
        (IMAGE[:, :3], "`image` was given the shape [2, 3]"),
        (np.ndarray, "got a type"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_the_model_takes(
    doubling: ModelVariant, given: object, problem: str
) -> None:
    with pytest.raises(InputError) as caught:
        loaded(doubling).infer(given)
    assert str(caught.value).startswith("the model takes `image` float32 [N, 4]; ")
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_array_alone_does_not_fit_two_inputs(pair: ModelVariant) -> None:
    with pytest.raises(InputError, match=r"`left` int64 \[3\], `right` int64 \[3\]; got 1 value$"):
        loaded(pair).infer(np.array([1, 2, 3]))


def test_an_array_type_that_fails_is_refused(doubling: ModelVariant) -> None:
    class Broken:
        def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
            raise RuntimeError("on another device")

    with pytest.raises(InputError, match=r"a Broken that does not become an array: `on another device`"):
        loaded(doubling).infer(Broken())


def test_text_goes_to_models_that_take_text(tmp_path: Path) -> None:
    variant = save(
        tmp_path / "echo.onnx",
        [helper.make_node("Identity", ["words"], ["same"])],
        [helper.make_tensor_value_info("words", TensorProto.STRING, [None])],
        [helper.make_tensor_value_info("same", TensorProto.STRING, [None])],
    )
    backend = loaded(variant)
    assert list(backend.infer(np.array(["a", "b"]))) == ["a", "b"]
    assert list(backend.infer(np.array(["a", "bc"]).astype(">U2"))) == ["a", "bc"]
    assert list(backend.infer(np.array(["a", np.str_("b")], object))) == ["a", "b"]
    with pytest.raises(InputError, match=r"`words` str \[\?\]; `words` was given float32 instead of text"):
        backend.infer(np.zeros(2, np.float32))


class Mute:
    def __str__(self) -> str:
        raise RuntimeError("no text for you")


@pytest.mark.parametrize(
    ("item", "kind"), [(None, "nothing"), (b"a", "a bytes"), (1, "an int"), (Mute(), "a Mute")]
)
def test_what_is_no_text_among_texts_never_reaches_the_runtime(
    tmp_path: Path, item: object, kind: str
) -> None:
    variant = save(
        tmp_path / "echo.onnx",
        [helper.make_node("Identity", ["words"], ["same"])],
        [helper.make_tensor_value_info("words", TensorProto.STRING, [None])],
        [helper.make_tensor_value_info("same", TensorProto.STRING, [None])],
    )
    with pytest.raises(InputError, match=f"`words` was given {kind}"):
        loaded(variant).infer(np.array(["a", item], object))


def test_what_a_model_calls_its_inputs_can_neither_break_a_message_nor_flood_it(tmp_path: Path) -> None:
    names = ["\x1b[31mred\n", *(f"input{index}" for index in range(40))]
    variant = save(
        tmp_path / "hostile.onnx",
        [helper.make_node("Sum", names, ["sum"])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N\n" * 100]) for name in names],
        [helper.make_tensor_value_info("sum", TensorProto.FLOAT, None)],
    )
    backend = loaded(variant)
    for given in (None, {}, {"\x1b[31mre\n": IMAGE}):
        with pytest.raises(InputError, match="33 more; got") as caught:
            backend.infer(given)
        assert str(caught.value).isprintable()
        assert len(str(caught.value)) < 1000


@pytest.mark.parametrize("activation", ["native", "python"])
def test_what_the_model_can_not_do_with_inputs_that_fit_is_its_own_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, activation: str
) -> None:
    variant = save(
        tmp_path / "lookup.onnx",
        [
            helper.make_node("Cast", ["number"], ["index"], to=TensorProto.INT64),
            helper.make_node("Gather", ["table", "index"], ["found"]),
        ],
        [helper.make_tensor_value_info("number", TensorProto.FLOAT, [4])],
        [helper.make_tensor_value_info("found", TensorProto.FLOAT, [4])],
        (numpy_helper.from_array(np.zeros(1, np.float32), "table"),),
    )
    if activation == "python":
        monkeypatch.setenv("EDGEADAPT_ONNX", activation)
    backend = loaded(variant)
    assert backend.activation == activation
    assert backend.infer(np.zeros(4, np.float32)).tolist() == [0.0] * 4
    with pytest.raises(InferenceError, match=r"out of data bounds.*the model takes `number` float32 \[4\]"):
        backend.infer(np.ones(4, np.float32))


def test_what_only_the_runtime_sees_of_inputs_that_do_not_fit_is_the_callers(tmp_path: Path) -> None:
    # NumPy has no such type, so nothing is told of it before.
    variant = save(
        tmp_path / "brain.onnx",
        [helper.make_node("Identity", ["number"], ["same"])],
        [helper.make_tensor_value_info("number", TensorProto.BFLOAT16, [4])],
        [helper.make_tensor_value_info("same", TensorProto.BFLOAT16, [4])],
    )
    with pytest.raises(InputError, match=r"the model takes `number` .*Unexpected input data type"):
        loaded(variant).infer(np.zeros(4, np.float32))


def test_a_failure_inside_the_runtime_is_typed_and_one_line(tmp_path: Path) -> None:
    variant = save(
        tmp_path / "mismatch.onnx",
        [helper.make_node("Add", ["a", "b"], ["sum"])],
        [
            helper.make_tensor_value_info("a", TensorProto.FLOAT, ["N"]),
            helper.make_tensor_value_info("b", TensorProto.FLOAT, ["M"]),
        ],
        [helper.make_tensor_value_info("sum", TensorProto.FLOAT, ["K"])],
    )
    with pytest.raises(EdgeAdaptError) as caught:
        loaded(variant).infer([np.zeros(2, np.float32), np.zeros(3, np.float32)])
    assert isinstance(caught.value, (InferenceError, InputError))
    assert "the model takes `a` float32 [N], `b` float32 [M]" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_it_says_what_it_can_do_once_it_is_loaded(doubling: ModelVariant, pair: ModelVariant) -> None:
    backend = ONNXBackend(doubling)
    assert not backend.is_loaded
    assert backend.last_load_time_sec is None
    assert backend.capabilities.input_names == ()
    backend.load()
    assert backend.is_loaded
    assert backend.last_load_time_sec is not None
    assert backend.last_load_time_sec > 0
    capabilities = backend.capabilities
    assert (capabilities.backend, capabilities.dynamic_shapes, capabilities.max_batch) == ("onnx", True, None)
    assert (capabilities.input_names, capabilities.output_names) == (("image",), ("doubled",))
    assert capabilities.concurrent_infer
    assert not capabilities.quantized
    fixed = loaded(pair).capabilities
    assert (fixed.dynamic_shapes, fixed.max_batch) == (False, 3)


def test_after_unload_it_does_not_serve(doubling: ModelVariant) -> None:
    backend = ONNXBackend(doubling)
    backend.unload()
    with pytest.raises(NotServing, match="variant `doubling` is not loaded"):
        backend.infer(IMAGE)
    backend.load()
    backend.load()
    backend.infer(IMAGE)
    backend.unload()
    backend.unload()
    assert not backend.is_loaded
    with pytest.raises(NotServing):
        backend.infer(IMAGE)


def refused(variant: ModelVariant) -> ActivationError:
    backend = ONNXBackend(variant)
    with pytest.raises(ActivationError) as caught:
        backend.load()
    assert not backend.is_loaded
    assert caught.value.variant == variant.name
    assert "\n" not in str(caught.value)
    return caught.value


def test_files_that_are_no_model_are_refused_with_stage_and_reason(
    doubling: ModelVariant, tmp_path: Path
) -> None:
    whole = Path(doubling.path).read_bytes()
    bad = tmp_path / "bad.onnx"
    variant = ModelVariant("bad", str(bad))
    assert (refused(variant).stage, "there is no model file" in refused(variant).reason) == ("checking", True)
    bad.write_bytes(b"")
    assert (refused(variant).stage, "is empty" in refused(variant).reason) == ("checking", True)
    for content in (b"not a model at all" * 50, whole[: len(whole) // 2], bytes(range(256)) * 16):
        bad.write_bytes(content)
        error = refused(variant)
        assert error.stage == "loading"
        assert str(bad) in error.reason
    assert refused(ModelVariant("bad", str(tmp_path))).stage == "checking"


def test_a_failed_load_prints_nothing(
    doubling: ModelVariant, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.onnx"
    whole = Path(doubling.path).read_bytes()
    # No UTF-8: an operator that ONNX Runtime can't name, and an output that it can't.
    for content in (whole.replace(b"Add", b"A\xff\xff"), whole.replace(b"doubled", b"doubl\xff\xff")):
        bad.write_bytes(content)
        assert refused(ModelVariant("bad", str(bad))).stage == "loading"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("choice", ["native", "python"])
def test_what_a_model_says_of_itself_reaches_the_exception_alone_and_no_terminal(
    tmp_path: Path, choice: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EDGEADAPT_ONNX", choice)
    evil = "\x1b[31mevil\x07"
    shape = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None]) for name in ("x", "i", "y")]
    variant = save(
        tmp_path / "evil.onnx",
        [helper.make_node("Expand", ["x", "i"], ["y"], name=evil)],
        shape[:2],
        shape[2:],
    )
    with pytest.raises(ActivationError) as refused_load:
        loaded(variant)
    gather = save(
        tmp_path / "gather.onnx",
        [
            helper.make_node("Cast", ["i"], ["n"], to=TensorProto.INT64),
            helper.make_node("Gather", ["x", "n"], ["y"], name=evil),
        ],
        shape[:2],
        shape[2:],
    )
    backend = loaded(gather)
    with pytest.raises((InferenceError, InputError)) as refused_run:
        backend.infer({"x": np.zeros(1, np.float32), "i": np.full(1, 9, np.float32)})
    for error in (refused_load.value, refused_run.value):
        assert "evil" in str(error)
        assert str(error).isprintable()
    assert capfd.readouterr() == ("", "")


def test_session_options_reach_the_python_session(
    doubling: ModelVariant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGEADAPT_ONNX", "python")
    options = SessionOptions(
        intra_op_num_threads=1,
        inter_op_num_threads=1,
        graph_optimization_level="basic",
        providers=("CPUExecutionProvider",),
        config_entries={"session.force_spinning_stop": "0", "session.disable_prepacking": "1"},
    )
    backend = loaded(attrs.evolve(doubling, session=options))
    found = backend._session.get_session_options()
    assert (found.intra_op_num_threads, found.inter_op_num_threads) == (1, 1)
    assert found.get_session_config_entry("session.force_spinning_stop") == "0"
    assert found.get_session_config_entry("session.disable_prepacking") == "1"
    np.testing.assert_array_equal(backend.infer(IMAGE), IMAGE * 2)


def test_idle_threads_do_not_spin_unless_the_variant_says_so(
    doubling: ModelVariant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGEADAPT_ONNX", "python")
    found = loaded(doubling)._session.get_session_options()
    assert found.get_session_config_entry("session.force_spinning_stop") == "1"


def test_a_provider_that_is_not_here_is_refused_with_those_that_are(doubling: ModelVariant) -> None:
    error = refused(attrs.evolve(doubling, session=SessionOptions(providers=("NpuExecutionProvider",))))
    assert error.stage == "loading"
    assert "the provider `NpuExecutionProvider` is not in this onnxruntime" in error.reason
    assert "CPUExecutionProvider" in error.reason


def test_a_config_entry_that_the_runtime_refuses_is_a_failed_load(doubling: ModelVariant) -> None:
    options = SessionOptions(config_entries={"k" * 5000: "1"})
    assert refused(attrs.evolve(doubling, session=options)).stage == "loading"


def test_without_onnxruntime_the_remedy_is_named(
    doubling: ModelVariant, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert "pip install onnxruntime" in refused(doubling).reason


def test_threads_infer_at_once_while_another_unloads(doubling: ModelVariant) -> None:
    backend = loaded(doubling)
    ready = threading.Barrier(3)
    problems: list[BaseException] = []

    def serve() -> None:
        ready.wait()
        try:
            while True:
                np.testing.assert_array_equal(backend.infer(IMAGE), IMAGE * 2)
        except NotServing:
            pass
        except BaseException as error:  # noqa: BLE001 - whatever it is, the main thread must hear of it
            problems.append(error)

    threads = [threading.Thread(target=serve) for _ in range(2)]
    for thread in threads:
        thread.start()
    ready.wait()
    for _ in range(50):
        backend.infer(IMAGE)
    backend.unload()
    for thread in threads:
        thread.join()
    assert problems == []
