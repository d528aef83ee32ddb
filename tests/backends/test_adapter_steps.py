"""Steps on arrays, and what they say of tensors that are only described."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeadapt.backends.adapter_specs import after_steps
from edgeadapt.backends.adapter_steps import StepProblem, compile_steps
from edgeadapt.registry import ContractTensor
from edgeadapt.registry.adapter import (
    Cast,
    Constant,
    Drop,
    LabelMap,
    Layout,
    Rename,
    Resize,
    Scale,
    Step,
    Take,
)

LETTERS = st.permutations("NCHW").map("".join)


def run(step: Step, **arrays: Any) -> dict[str, Any]:
    return compile_steps([step])({name: np.asarray(array) for name, array in arrays.items()})


def only(step: Step, array: Any) -> Any:
    return run(step, x=array)["x"]


def problem(step: Step, **arrays: Any) -> str:
    with pytest.raises(StepProblem) as caught:
        run(step, **arrays)
    return str(caught.value)


def test_a_rename_keeps_the_place() -> None:
    assert list(run(Rename("b", "z"), a=1, b=2, c=3)) == ["a", "z", "c"]
    assert problem(Rename("d", "z"), a=1) == "`rename`: there is no `d`; there are: a"
    assert problem(Rename("a", "b"), a=1, b=2) == "`rename`: there is a `b` already"


def test_a_drop_and_a_constant() -> None:
    assert list(run(Drop("a"), a=1, b=2)) == ["b"]
    made = run(Constant("k", 2, "int64", (2, 1)), a=1)["k"]
    assert (made.tolist(), made.dtype) == ([[2], [2]], np.dtype("int64"))
    assert "a `k` already" in problem(Constant("k", 1), k=1)


def test_a_cast_cuts_fractions_off_and_takes_no_text() -> None:
    assert only(Cast("x", "int32"), [1.9, -1.9]).tolist() == [1, -1]
    only(Cast("x", "uint8"), [float("nan"), 1e9])  # no warning
    assert problem(Cast("x", "int32"), x=["one"]) == "`cast`: text is no number"


def test_a_layout_adds_and_leaves_out_axes_of_size_one() -> None:
    gray = np.arange(6).reshape(2, 3)
    assert only(Layout("x", "HW", "NCHW"), gray).shape == (1, 1, 2, 3)
    assert only(Layout("x", "NHWC", "CHW"), gray[None, :, :, None]).tolist() == [gray.tolist()]
    assert problem(Layout("x", "NCHW", "CHW"), x=np.zeros((2, 1, 1, 1))) == (
        "`layout`: N has size 2, and only size 1 can be left out"
    )
    assert "an array of shape [2, 3] is not NCHW" in problem(Layout("x", "NCHW", "NHWC"), x=gray)


@given(LETTERS, LETTERS)
def test_a_layout_there_and_back_changes_nothing(one: str, other: str) -> None:
    array = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    there = only(Layout("x", one, other), array)
    assert np.array_equal(only(Layout("x", other, one), there), array)


def test_a_layout_is_what_transpose_does() -> None:
    array = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    assert np.array_equal(only(Layout("x", "NHWC", "NCHW"), array), array.transpose(0, 3, 1, 2))


def test_a_resize_knows_its_axes_by_the_layout() -> None:
    array = np.zeros((1, 4, 6, 3), np.float32)
    assert only(Resize("x", 2, 3, "area", "NHWC"), array).shape == (1, 2, 3, 3)
    assert "is not NCHW" in problem(Resize("x", 2, 3), x=array[0])


def test_a_scale_multiplies_then_adds_and_makes_whole_numbers_float() -> None:
    made = only(Scale("x", by=0.5, offset=1), np.array([2, 4], np.uint8))
    assert (made.tolist(), made.dtype) == ([2.0, 3.0], np.dtype("float32"))
    for dtype in ("float16", "float32", "float64"):
        assert only(Scale("x", by=2.0), np.ones(2, dtype)).dtype == np.dtype(dtype)


def test_a_scale_by_channel_goes_along_its_axis() -> None:
    array = np.ones((1, 2, 1, 2), np.float32)
    assert only(Scale("x", by=(1, 3), offset=(0, 1)), array).tolist() == [[[[1, 1]], [[4, 4]]]]
    assert only(Scale("x", offset=(0, 1), axis=-1), array).tolist() == [[[[1, 2]], [[1, 2]]]]
    # One channel would otherwise become two.
    assert "has not 2 channels on axis 1" in problem(Scale("x", by=(1, 3)), x=array[:, :1])


def test_a_take_orders_and_leaves_out() -> None:
    assert only(Take("x", (2, 0)), [[1, 2, 3], [4, 5, 6]]).tolist() == [[3, 1], [6, 4]]
    assert problem(Take("x", (3,)), x=[1, 2, 3]).startswith("`take`: index 3")


@given(st.permutations(range(6)))
def test_a_take_is_undone_by_the_inverse_order(order: list[int]) -> None:
    scores = np.arange(12.0).reshape(2, 6)
    back = tuple(int(index) for index in np.argsort(order))
    assert np.array_equal(only(Take("x", back), only(Take("x", tuple(order)), scores)), scores)


def test_a_label_map_translates_class_numbers() -> None:
    assert only(LabelMap("x", (7, 9)), [[1, 0], [0, 1]]).tolist() == [[9, 7], [7, 9]]
    assert only(LabelMap("x", (7, 9)), np.zeros(0, np.int64)).tolist() == []
    assert problem(LabelMap("x", (7, 9)), x=[0, 2]) == (
        "`label_map`: there is no label for class 2, only for 0 to 1"
    )
    assert "`cast` them first" in problem(LabelMap("x", (7, 9)), x=[0.0])


@given(st.permutations(range(6)), st.lists(st.integers(0, 5)))
def test_a_label_map_is_undone_by_its_inverse(labels: list[int], classes: list[int]) -> None:
    found = np.array(classes, np.int64)
    back = tuple(int(label) for label in np.argsort(labels))
    assert np.array_equal(only(LabelMap("x", back), only(LabelMap("x", tuple(labels)), found)), found)


def test_what_a_caller_gave_is_left_alone() -> None:
    given_array = np.arange(4, dtype=np.float32)
    arrays = {"x": given_array}
    compile_steps([Scale("x", by=2.0), Rename("x", "y")])(arrays)
    assert list(arrays) == ["x"]
    assert given_array.tolist() == [0, 1, 2, 3]


STEPS: dict[str, Callable[[], Step]] = {
    "rename": lambda: Rename("x", "y"),
    "drop": lambda: Drop("x"),
    "constant": lambda: Constant("k", True, "bool", (2,)),
    "cast": lambda: Cast("x", "int16"),
    "layout": lambda: Layout("x", "NCHW", "HWCN"),
    "fewer axes": lambda: Layout("x", "NCHW", "CHW"),
    "nearest": lambda: Resize("x", 2, 3, "nearest"),
    "linear": lambda: Resize("x", 2, 3),
    "scale": lambda: Scale("x", by=(1.0, 2.0, 3.0)),
    "take": lambda: Take("x", (1, 0), axis=1),
    "label_map": lambda: LabelMap("x", (4, 5)),
}


@pytest.mark.parametrize("make", STEPS.values(), ids=list(STEPS))
@pytest.mark.parametrize("dtype", ["float32", "uint8", "int64", "bool", "str"])
@pytest.mark.parametrize("shape", [(1, 3, 4, 5), (2, 3, 4, 5), (1, 2, 4, 5), (3,)])
def test_what_is_said_of_a_tensor_is_what_happens_to_an_array(
    make: Callable[[], Step], dtype: str, shape: tuple[int, ...]
) -> None:
    step, array = make(), np.zeros(shape, dtype)
    tensor = ContractTensor("x", dtype, shape)
    try:
        described = after_steps([step], [tensor])
    except StepProblem:
        problem(step, x=array)
        return
    made = run(step, x=array)
    assert [(tensor.name, tensor.dtype, tensor.shape) for tensor in described] == [
        (name, "str" if array.dtype.kind == "U" else array.dtype.name, array.shape)
        for name, array in made.items()
    ]


@pytest.mark.parametrize("make", STEPS.values(), ids=list(STEPS))
def test_nothing_known_is_no_misfit(make: Callable[[], Step]) -> None:
    for tensor in after_steps([make()], [ContractTensor("x")]):
        assert isinstance(attrs.evolve(tensor), ContractTensor)
    after_steps([make()], [ContractTensor("x", None, (None, None, "H", "W"))])
