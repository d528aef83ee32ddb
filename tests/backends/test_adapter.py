"""Inference through adapters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import helper

from edgeadapt.backends.adapter import by_functions, by_steps, is_reordered, steps_problem
from edgeadapt.backends.base import InferenceBackend
from edgeadapt.backends.fake import FakeBackend
from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.errors import InferenceError, InputError
from edgeadapt.registry import AdapterSteps, Contract, ContractTensor, ModelVariant
from edgeadapt.registry.adapter import Cast, Constant, Drop, LabelMap, Layout, Rename, Resize, Scale, Take
from tests.backends.onnx_models import FLOAT, INT64, doubling, save

CONTRACT = Contract(
    inputs=(ContractTensor("image", "uint8", (2, 2, 1)), ContractTensor("mask", "float32", (None,))),
    outputs=(ContractTensor("labels", "int64", (1, 1, 4, 4)),),
)
STEPS = AdapterSteps(
    inputs=(
        Drop("mask"),
        Layout("image", "HWC", "NCHW"),
        Resize("image", 4, 4, "nearest"),
        Scale("image", by=0.5),
        Rename("image", "pixels"),
    ),
    outputs=(Cast("scores", "int64"), LabelMap("scores", tuple(range(100, 110))), Rename("scores", "labels")),
)


def loaded(path: Path) -> ONNXBackend:
    backend = ONNXBackend(ModelVariant(path.stem, str(path)))
    backend.load()
    return backend


@pytest.fixture
def model(tmp_path: Path) -> ONNXBackend:
    return loaded(doubling(tmp_path / "m.onnx", shape=(1, 1, 4, 4), image="pixels"))


def test_inputs_and_outputs_go_through_the_steps_in_order(model: InferenceBackend) -> None:
    assert steps_problem(CONTRACT, model, STEPS) == ""
    infer = by_steps("m", model, CONTRACT, STEPS)
    image = np.array([[[1], [2]], [[3], [4]]], np.uint8)
    wanted = image[None, :, :, 0].repeat(2, 1).repeat(2, 2)[:, None].astype(np.int64) + 100
    for given in ({"image": image, "mask": np.zeros(1, np.float32)}, (image, np.zeros(1, np.float32))):
        answer = infer(given)
        assert answer.dtype == np.int64
        assert np.array_equal(answer, wanted)


def test_what_callers_give_wrong_is_theirs_in_the_contracts_words(model: InferenceBackend) -> None:
    infer = by_steps("m", model, CONTRACT, STEPS)
    with pytest.raises(
        InputError, match=r"takes `image` uint8 \[2, 2, 1\], `mask` float32 .* got nothing for `mask`"
    ):
        infer({"image": np.zeros((2, 2, 1), np.uint8)})


def test_an_input_that_a_step_can_not_take_is_an_input_error(tmp_path: Path) -> None:
    contract = Contract(inputs=(ContractTensor("image"),))
    steps = AdapterSteps(inputs=(Layout("image", "HW", "NCHW"),))
    infer = by_steps("m", FakeBackend("m"), contract, steps)
    with pytest.raises(InputError, match="the adapter of variant `m` can't take this: `layout`"):
        infer(np.zeros(3))


def test_an_answer_that_a_step_can_not_take_is_an_inference_error(model: InferenceBackend) -> None:
    infer = by_steps("m", model, CONTRACT, STEPS)
    with pytest.raises(
        InferenceError, match=r"its adapter can't take the model's answer: `label_map`.*class 200"
    ):
        infer({"image": np.full((2, 2, 1), 200, np.uint8), "mask": np.zeros(1, np.float32)})


def test_one_of_several_outputs_may_be_left(tmp_path: Path) -> None:
    nodes = [helper.make_node("Neg", ["x"], ["minus"]), helper.make_node("Abs", ["x"], ["plus"])]
    path = save(
        tmp_path / "two.onnx", nodes, {"x": (FLOAT, [2])}, {"minus": (FLOAT, [2]), "plus": (FLOAT, [2])}
    )
    backend = loaded(path)
    contract = Contract(outputs=(ContractTensor("plus", "float32", (1,)),))
    steps = AdapterSteps(outputs=(Drop("minus"), Take("plus", (1,))))
    assert steps_problem(contract, backend, steps) == ""
    assert by_steps("m", backend, contract, steps)(np.array([1, -2], np.float32)).tolist() == [2.0]


def test_inputs_in_another_order_are_given_by_name(tmp_path: Path) -> None:
    node = helper.make_node("Sub", ["a", "b"], ["y"])
    path = save(tmp_path / "ab.onnx", [node], {"b": (INT64, [1]), "a": (INT64, [1])}, {"y": (INT64, [1])})
    backend = loaded(path)
    contract = Contract(inputs=(ContractTensor("a", "int64", (1,)), ContractTensor("b", "int64", (1,))))
    assert is_reordered(contract, backend)
    infer = by_steps("m", backend, contract, AdapterSteps())
    assert infer((np.array([5]), np.array([3]))).tolist() == [2]


@pytest.mark.parametrize(
    ("contract", "steps", "message"),
    [
        (
            CONTRACT,
            AdapterSteps(inputs=STEPS.inputs[1:]),
            "it has no input `mask`, which what its adapter makes has",
        ),
        (
            CONTRACT,
            AdapterSteps(inputs=(*STEPS.inputs[:-2], *STEPS.inputs[-1:]), outputs=STEPS.outputs),
            "its input is `pixels` float32 [1, 1, 4, 4], where what its adapter makes has `pixels` uint8",
        ),
        (CONTRACT, AdapterSteps(inputs=STEPS.inputs), "it has no output `labels`, which the contract has"),
        (
            CONTRACT,
            AdapterSteps(inputs=(Cast("img", "int8"),)),
            "its adapter does not fit: `cast`: there is no `img`; did you mean `image`?",
        ),
        (
            Contract(inputs=(ContractTensor(None, "uint8"),)),
            STEPS,
            "its adapter has steps for inputs, but the contract does not name its inputs",
        ),
    ],
)
def test_steps_that_do_not_lead_from_the_contract_to_the_model_are_told(
    model: InferenceBackend, contract: Contract, steps: AdapterSteps, message: str
) -> None:
    assert message in steps_problem(contract, model, steps)


def test_a_constant_gives_a_model_what_callers_do_not(tmp_path: Path) -> None:
    node = helper.make_node("Mul", ["x", "k"], ["y"])
    path = save(tmp_path / "k.onnx", [node], {"x": (FLOAT, [2]), "k": (FLOAT, [])}, {"y": (FLOAT, [2])})
    contract = Contract(inputs=(ContractTensor("x", "float32", (2,)),))
    infer = by_steps("m", loaded(path), contract, AdapterSteps(inputs=(Constant("k", 3),)))
    assert infer(np.array([1, 2], np.float32)).tolist() == [3.0, 6.0]


def test_a_backend_that_names_no_outputs_can_not_have_steps_for_them() -> None:
    backend = FakeBackend("m")
    backend.load()
    infer = by_steps("m", backend, Contract(), AdapterSteps(outputs=(Drop("x"),)))
    with pytest.raises(InferenceError, match="does not name its one output"):
        infer(None)


def test_a_hosts_functions_stand_around_the_model(model: InferenceBackend) -> None:
    ones = np.ones((1, 1, 4, 4), np.float32)

    def before(value: Any) -> Any:
        return ones * value

    assert by_functions(model, CONTRACT, before, np.sum)(3) == 96
    assert by_functions(model, None, None, np.sum)(ones) == 32
    assert by_functions(model, CONTRACT, before, None)(2).shape == (1, 1, 4, 4)


def test_a_lease_can_show_what_callers_give_and_get(model: InferenceBackend) -> None:
    adapted = by_steps("m", model, CONTRACT, STEPS)
    assert [str(spec) for spec in adapted.inputs] == ["`image` uint8 [2, 2, 1]", "`mask` float32 [?]"]
    assert [str(spec) for spec in adapted.outputs] == ["`labels` int64 [1, 1, 4, 4]"]
    outputs_only = by_steps("m", model, CONTRACT, AdapterSteps(outputs=STEPS.outputs))
    assert outputs_only.inputs == model.inputs
    hosts = by_functions(model, CONTRACT, None, np.sum)
    assert (hosts.inputs, hosts.outputs) == (model.inputs, adapted.outputs)
    assert by_functions(model, None, np.abs, None).inputs == ()
