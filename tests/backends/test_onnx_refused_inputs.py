"""What does not fit an ONNX model, and what the model can not do: whose error it is, and what it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from edgeadapt.errors import EdgeAdaptError, InferenceError, InputError
from edgeadapt.registry.variant import ModelVariant
from tests.backends.both_sessions import save
from tests.backends.onnx_loading import IMAGE, loaded


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
        initializer=[numpy_helper.from_array(np.zeros(1, np.float32), "table")],
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
