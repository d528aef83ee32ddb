"""Models held against a contract."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from edgeadapt.backends.contract import answer_problem, contract_of, problem_with, tensors_of
from edgeadapt.backends.tensor_spec import TensorSpec
from edgeadapt.registry import Contract, ContractTensor


def spec(name: str, *shape: int | str | None, kind: str = "float32") -> TensorSpec:
    return TensorSpec(name, kind, np.dtype(kind) if kind in ("float32", "uint8", "int64") else None, shape)


def problem(wanted: ContractTensor, model: TensorSpec) -> str:
    return problem_with("inputs", [wanted], tensors_of([model]))


def test_the_first_model_is_the_contract_of_a_family_that_declares_none() -> None:
    contract = contract_of([spec("image", "N", None, 8)], [spec("scores", "N", "unk__5", 10)])
    assert contract == Contract(
        inputs=(ContractTensor("image", "float32", ("N", "?", 8)),),
        outputs=(ContractTensor("scores", "float32", ("N", None, 10)),),
    )


def test_a_backend_that_can_not_tell_makes_no_contract() -> None:
    assert contract_of([], [spec("scores", 1)]) is None
    assert contract_of([spec("image", 1)], []) is None


@pytest.mark.parametrize(
    ("wanted", "model"),
    [
        (("N", 8), ("batch", 8)),
        (("N", 8), (None, 8)),
        (("N", 8), ("N", "S")),
        ((None, 8), (1, 8)),
        (None, (1, 2, 3)),
        (("N", 8), ()),
    ],
)
def test_a_model_that_takes_all_that_the_contract_allows_meets_it(wanted: Any, model: Any) -> None:
    assert problem(ContractTensor("image", "float32", wanted), spec("image", *model)) == ""


@pytest.mark.parametrize(("wanted", "model"), [(("N", 8), (1, 8)), ((1, 8), (1, 4)), ((1, 8), (1, 8, 1))])
def test_a_fixed_size_that_is_not_the_contracts_is_a_misfit_told_with_both_sides(
    wanted: Any, model: Any
) -> None:
    found = problem(ContractTensor("image", "float32", wanted), spec("image", *model))
    assert found.startswith(
        f"its input is `image` float32 [{', '.join(map(str, model))}], where the contract has "
    )
    assert found.endswith(f"`image` float32 [{', '.join(map(str, wanted))}]")


def test_another_type_is_a_misfit_unless_it_is_not_compared() -> None:
    assert "uint8" in problem(ContractTensor("image", "float32"), spec("image", 1, kind="uint8"))
    assert problem(ContractTensor("image"), spec("image", 1, kind="uint8")) == ""


def test_a_lone_tensor_may_have_any_name_where_the_contract_names_none() -> None:
    assert problem(ContractTensor(None, "float32"), spec("pixels", 1)) == ""
    assert problem(ContractTensor("image"), spec("imge", 1)) == (
        "it has no input `image`, which the contract has; did you mean `imge`?"
    )


def test_an_input_that_callers_do_not_give_is_a_misfit() -> None:
    wanted = [ContractTensor("image")]
    model = tensors_of([spec("image", 1), spec("mask", 1)])
    assert (
        problem_with("inputs", wanted, model)
        == "it has an input `mask` float32 [1], which the contract has not"
    )


def test_what_can_not_be_told_or_is_not_declared_is_no_misfit() -> None:
    assert problem_with("inputs", None, tensors_of([spec("x", 1)])) == ""
    assert problem_with("inputs", [ContractTensor("image")], ()) == ""


def test_names_from_a_file_are_made_printable() -> None:
    found = problem(ContractTensor("image", "float32", (1,)), spec("image", "a\nb", "\x1b[2J"))
    assert "\n" not in found
    assert "\x1b" not in found


def test_an_answer_is_held_against_fixed_sizes_and_types_only() -> None:
    wanted = [ContractTensor("scores", "float32", ("N", 10))]
    assert answer_problem([ContractTensor(None, "float32", ("N", 10))], np.zeros((3, 10), np.float32)) == ""
    assert answer_problem(wanted, {"scores": np.zeros((3, 10), np.float32)}) == ""
    assert "[3, 9]" in answer_problem(wanted, {"scores": np.zeros((3, 9), np.float32)})
    assert "float64" in answer_problem(wanted, {"scores": np.zeros((3, 10))})


def test_a_lone_array_answers_for_one_output_only() -> None:
    lone = np.zeros(3, np.float32)
    assert answer_problem([ContractTensor("a", "float32", (3,))], lone) == ""
    assert answer_problem([ContractTensor("a"), ContractTensor("b")], lone) == (
        "its answer is one array, where the contract has 2 outputs"
    )
    assert answer_problem(None, lone) == ""
    assert answer_problem([ContractTensor("a")], "no array") == ""
