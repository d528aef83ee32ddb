"""Descriptions through steps, where sizes are open; what is known in full is held against arrays beside the steps."""

from __future__ import annotations

import pytest

from edgeadapt.backends.adapter_specs import after_steps
from edgeadapt.backends.adapter_steps import StepProblem
from edgeadapt.registry import ContractTensor
from edgeadapt.registry.adapter import Cast, LabelMap, Layout, Rename, Resize, Step, Take

IMAGE = ContractTensor("image", "uint8", ("N", None, None, 3))


def test_open_sizes_go_their_way_through_several_steps() -> None:
    steps: list[Step] = [
        Layout("image", "NHWC", "NCHW"),
        Resize("image", 32, 16, "area"),
        Cast("image", "float32"),
        Rename("image", "pixels"),
    ]
    assert after_steps(steps, [IMAGE]) == (ContractTensor("pixels", "float32", ("N", 3, 32, 16)),)


def test_a_lone_tensor_without_a_name_stays_so() -> None:
    assert after_steps([], [ContractTensor(None, "int64")]) == (ContractTensor(None, "int64"),)


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (Layout("image", "NCHW", "NHW"), r"`layout`: C has size 7"),
        (Resize("image", 1, 1, layout="CHW"), r"a tensor of 4 dimensions is not CHW"),
        (Take("image", (9,), axis=1), r"there is no entry 9 among 7"),
        (Take("image", (0,), axis=7), r"no axis 7"),
        (LabelMap("image", (1,)), r"class numbers are integers, not float32"),
        (Rename("img", "x"), r"there is no `img`; did you mean `image`\?"),
    ],
)
def test_a_misfit_is_told_before_there_is_an_array(step: Step, message: str) -> None:
    with pytest.raises(StepProblem, match=message):
        after_steps([step], [ContractTensor("image", "float32", (1, 7, 4, 4))])
