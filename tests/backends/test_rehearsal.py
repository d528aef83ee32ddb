"""What is run of a variant, told to another process."""

from __future__ import annotations

import json

from edgeadapt.backends.rehearsal import Rehearsal
from edgeadapt.registry import AdapterSteps, Contract, ContractTensor, Golden, ModelVariant
from edgeadapt.registry.adapter import Cast, Constant, Drop, LabelMap, Layout, Rename, Resize, Scale, Take

EVERY_STEP = AdapterSteps(
    (
        Rename("a", "b"),
        Drop("c"),
        Constant("d", True, "bool", (2, 3)),
        Layout("b", "HW", "NCHW"),
        Resize("b", 4, 5, "area"),
        Scale("b", (1.0, 2.0), 0.5),
        Take("b", (1, 0)),
    ),
    (Cast("e", "int64"), LabelMap("e", (3, 4))),
)
CONTRACT = Contract(inputs=(ContractTensor("a", "float32", ("N", 4, None)), ContractTensor("c")))


def test_it_is_the_same_after_the_way() -> None:
    for one in (
        Rehearsal(),
        Rehearsal(CONTRACT, "first", Golden("in.npz", "out.npz", 0.5, 0.25), EVERY_STEP),
        Rehearsal(Contract(outputs=())),
    ):
        assert Rehearsal.of_data(json.loads(json.dumps(one.as_data()))) == one


def test_steps_without_a_contract_are_left_to_the_validation() -> None:
    variant = ModelVariant("m", "m.onnx", adapter=EVERY_STEP)
    assert Rehearsal.of(variant, None).adapter is None
    assert Rehearsal.of(variant, CONTRACT).adapter == EVERY_STEP
