"""Contracts as values."""

from __future__ import annotations

from typing import Any

import pytest

from edgeadapt.registry import Contract, ContractTensor


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"shape": "N"}, "`shape` is a list"),
        ({"shape": (1.5,)}, "an item of `shape`"),
        ({"shape": (True,)}, "an item of `shape`"),
        ({"shape": ("",)}, "has a name, such as N"),
        ({"shape": (-1,)}, "0 or more"),
        ({"dtype": "float"}, "`dtype` is one of float16, float32"),
        ({"name": ""}, "`name` is a text"),
        ({"name": 3}, "`name` is a text"),
    ],
)
def test_a_malformed_tensor_is_refused(bad: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        ContractTensor(**bad)


def test_a_lone_tensor_needs_no_name_and_several_do() -> None:
    assert Contract([ContractTensor()]).inputs == (ContractTensor(),)
    with pytest.raises(ValueError, match="each of several inputs has a `name`"):
        Contract([ContractTensor("a"), ContractTensor()])


def test_a_tensor_says_what_it_is_and_what_it_leaves_open() -> None:
    assert str(ContractTensor("image", "float32", ("N", 3, None))) == "`image` float32 [N, 3, any]"
    assert str(ContractTensor()) == "one of any name any type [any shape]"


def test_what_is_no_tensor_is_refused() -> None:
    with pytest.raises(TypeError, match="outputs are ContractTensors"):
        Contract(outputs=[{"name": "x"}])


def test_a_type_may_be_one_that_only_onnx_has() -> None:
    assert ContractTensor(dtype="seq(map(int64,tensor(float)))").dtype == "seq(map(int64,tensor(float)))"
