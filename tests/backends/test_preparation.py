"""A family's checks around loads, as a swapper asks for them."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import helper

from edgeadapt.backends import default_loader
from edgeadapt.backends.base import InferenceBackend
from edgeadapt.backends.fake import FakeBackend
from edgeadapt.backends.preparation import Preparation, Transition
from edgeadapt.backends.rehearsal import Rehearsal
from edgeadapt.backends.tensor_spec import TensorSpec
from edgeadapt.errors import ActivationError, MemoryRefused
from edgeadapt.registry import (
    AdapterSteps,
    Contract,
    ContractTensor,
    Golden,
    ModelFamily,
    VariantMetadata,
)
from edgeadapt.registry.adapter import Cast, Resize
from edgeadapt.shipped import shipped
from tests.backends.onnx_models import FLOAT, INT64, crashing_by_width, doubling, save

IMAGE = ContractTensor("image", "float32", ("N", 1, 4, 4))
CONTRACT = Contract(inputs=(IMAGE,), outputs=(ContractTensor("scores", "float32"),))


class Described(FakeBackend):
    """A fake that says what it takes."""

    inputs = (TensorSpec("x", "float32", np.dtype("float32"), (1,)),)


class Prepared:
    """A preparation with the backends that it is asked about."""

    def __init__(self, family: ModelFamily, **options: Any) -> None:
        self.family = family
        self.preparation = Preparation(family, **options)

    def activate(self, variant: str, active: str | None = None) -> Callable[[Any], Any] | None:
        """Do what a swapper does, and return what `validate` does."""
        preparation = self.preparation
        transition = preparation.admit(variant, active)
        backend: InferenceBackend | None = None
        try:
            load = default_loader(self.family, rehearsal=preparation.rehearsal)
            backend = load(variant, standby=transition is Transition.STANDBY)
            backend.load()
            preparation.warm(variant, backend)
            return preparation.validate(variant, backend)
        finally:
            preparation.release(variant)

    def failure(self, variant: str) -> ActivationError:
        with pytest.raises(ActivationError) as caught:
            self.activate(variant)
        assert caught.value.variant == variant
        return caught.value


def family(folder: Path, contract: Contract | None = None, **shapes: Any) -> ModelFamily:
    made = ModelFamily("f", contract=contract)
    for name, shape in shapes.items():
        made.add_variant(name, doubling(folder / f"{name}.onnx", shape=shape))
    return made


def test_the_shipped_family_meets_its_contract_and_its_golden_outputs() -> None:
    digits = ModelFamily.from_yaml(shipped("families/digits.yaml"))
    prepared = Prepared(digits)
    assert [prepared.activate(name) for name in digits.names] == [None] * len(digits)


def test_what_the_first_variant_takes_all_others_take(tmp_path: Path) -> None:
    prepared = Prepared(
        family(tmp_path, a=("N", 4), b=("batch", 4), wider=("N", "W"), other=("N", 8), one=(1, 4))
    )
    for name in ("a", "b", "wider"):
        assert prepared.activate(name) is None
    for name in ("other", "one"):
        error = prepared.failure(name)
        assert error.stage == "validating"
        assert "where `a`, which served first, has `image` float32 [N, 4]" in error.reason
        assert "give it an `adapter:`, or declare the family's `contract:` with null" in error.reason


def test_a_variant_that_failed_is_not_the_first(tmp_path: Path) -> None:
    made = family(tmp_path, a=("N", 4), b=("N", 8))
    made.add_variant("bad", tmp_path / "a.onnx", golden=Golden("gone.npz", "gone.npz"))
    prepared = Prepared(made)
    assert "cannot read the golden file" in prepared.failure("bad").reason
    assert prepared.activate("b") is None


def test_a_declared_contract_binds_the_first_variant_too(tmp_path: Path) -> None:
    prepared = Prepared(family(tmp_path, CONTRACT, a=("N", 1, 4, 4), b=("N", 1, 8, 8)))
    assert "where the contract has `image` float32 [N, 1, 4, 4]" in prepared.failure("b").reason
    assert prepared.activate("a") is None


def test_an_adapter_brings_a_variant_to_the_contract(tmp_path: Path) -> None:
    made = family(tmp_path, CONTRACT, a=("N", 1, 4, 4))
    steps = AdapterSteps((Resize("image", 8, 8, "nearest"),), (Resize("scores", 4, 4, "area"),))
    made.add_variant("b", doubling(tmp_path / "b.onnx", shape=("N", 1, 8, 8)), adapter=steps)
    infer = Prepared(made).activate("b")
    assert infer is not None
    image = np.arange(16, dtype=np.float32).reshape(1, 1, 4, 4)
    np.testing.assert_array_equal(infer(image), image * 2)


def test_golden_outputs_are_those_that_callers_see(tmp_path: Path) -> None:
    np.savez(tmp_path / "in.npz", image=np.ones((1, 1, 4, 4), np.float32))
    np.savez(tmp_path / "out.npz", scores=np.full((1, 1, 4, 4), 2, np.int32))
    golden = Golden(str(tmp_path / "in.npz"), str(tmp_path / "out.npz"))
    made = ModelFamily("f", contract=Contract(inputs=(IMAGE,), outputs=(ContractTensor("scores", "int32"),)))
    path = doubling(tmp_path / "m.onnx", shape=("N", 1, 4, 4))
    steps = AdapterSteps(outputs=(Cast("scores", "int32"),))
    made.add_variant("good", path, adapter=steps, golden=golden)
    made.add_variant("bare", path, golden=golden)
    prepared = Prepared(made)
    assert prepared.activate("good") is not None
    assert "its output is `scores` float32" in prepared.failure("bare").reason


def test_an_adapter_that_does_not_fit_is_found_before_it_serves(tmp_path: Path) -> None:
    made = ModelFamily("f", contract=CONTRACT)
    steps = AdapterSteps((Cast("img", "float32"),))
    made.add_variant("m", doubling(tmp_path / "m.onnx", shape=("N", 1, 4, 4)), adapter=steps)
    reason = Prepared(made).failure("m").reason
    assert "its adapter does not fit: `cast`: there is no `img`" in reason
    assert reason.endswith("; change its `adapter:`, so that callers need not know which variant serves")


def test_a_hosts_functions_are_held_against_the_contract_by_their_answer(tmp_path: Path) -> None:
    made = family(tmp_path, CONTRACT, m=("N", 16))

    def flat(image: Any) -> Any:
        return image.reshape(-1, 16)

    assert Prepared(made, adapters={"m": (flat, None)}).activate("m") is not None
    wrong = Prepared(made, adapters={"m": (flat, np.argmax)})
    assert wrong.activate("m") is not None, "an answer that is no array can't be compared"
    double = Prepared(made, adapters={"m": (flat, lambda scores: scores.astype(np.float64))})
    reason = double.failure("m").reason
    assert "its output is one of any name float64" in reason
    assert "; change what `adapters` has for it, so that" in reason


def test_a_hosts_function_that_raises_is_told_as_the_variants_failure(tmp_path: Path) -> None:
    made = family(tmp_path, CONTRACT, m=("N", 1, 4, 4))

    def broken(image: Any) -> Any:
        raise RuntimeError("not\nready")

    error = Prepared(made, adapters={"m": (broken, None)}).failure("m")
    assert (error.stage, error.reason) == ("validating", "not ready")


def test_a_side_without_a_function_is_compared_as_it_is(tmp_path: Path) -> None:
    made = family(tmp_path, CONTRACT, m=("N", 16))
    assert "its input is `image`" in Prepared(made, adapters={"m": (None, np.sum)}).failure("m").reason


def test_adapters_for_nobody_or_twice_are_wrong_calls(tmp_path: Path) -> None:
    made = family(tmp_path, CONTRACT, small=(1,))
    with pytest.raises(ValueError, match="names `smal`, which family `f` has not; did you mean `small`"):
        Preparation(made, adapters={"smal": (None, None)})
    made.add_variant("b", "b.onnx", adapter=AdapterSteps())
    with pytest.raises(ValueError, match="variant `b` has an adapter in `adapters` and one in the family"):
        Preparation(made, adapters={"b": (None, None)})


def test_an_answer_is_held_against_sizes_that_the_model_leaves_open(tmp_path: Path) -> None:
    node = helper.make_node("NonZero", ["image"], ["places"])
    path = save(tmp_path / "m.onnx", [node], {"image": (FLOAT, ["N", 4])}, {"places": (INT64, [2, "found"])})
    made = ModelFamily("f", contract=Contract(outputs=(ContractTensor("places", "int64", (2, 10)),)))
    made.add_variant("m", path)
    assert "int64 [2, 0], where the contract has `places` int64 [2, 10]" in Prepared(made).failure("m").reason


def test_open_sizes_are_warmed_as_the_contract_fixes_them(tmp_path: Path) -> None:
    contract = Contract(inputs=(ContractTensor("image", "float32", ("N", 16)),))
    made = family(tmp_path, contract, m=("N", "W"))
    node = helper.make_node("Reshape", ["image", "shape"], ["scores"])
    shape = {"shape": np.array([-1, 16], np.int64)}
    save(tmp_path / "m.onnx", [node], {"image": (FLOAT, ["N", "W"])}, {"scores": (FLOAT, [None, 16])}, shape)
    assert Prepared(made).activate("m") is None
    shape["shape"] = np.array([-1, 7], np.int64)
    save(tmp_path / "m.onnx", [node], {"image": (FLOAT, ["N", "W"])}, {"scores": (FLOAT, [None, 7])}, shape)
    assert Prepared(made).failure("m").stage == "warming"


def test_a_model_whose_golden_inputs_cannot_be_read_is_not_given_zeros(tmp_path: Path) -> None:
    made = ModelFamily("f")
    made.add_variant("m", tmp_path / "m.onnx", golden=Golden("gone.npz", "gone.npz"))
    backend = Described("m", infer_error=AssertionError())
    backend.load()
    preparation = Preparation(made)
    preparation.warm("m", backend)
    with pytest.raises(ActivationError, match="cannot read the golden file"):
        preparation.validate("m", backend)


def test_a_first_run_that_fails_is_a_failure_while_warming(tmp_path: Path) -> None:
    nodes = [helper.make_node("Gather", ["table", "index"], ["scores"])]
    outputs = {"scores": (FLOAT, (1,))}
    made = ModelFamily("f")
    # Zero is no index of an empty table.
    table = {"table": np.zeros(0, np.float32)}
    made.add_variant("m", save(tmp_path / "m.onnx", nodes, {"index": (INT64, [1])}, outputs, table))
    error = Prepared(made).failure("m")
    assert error.stage == "warming"
    assert "its first run failed" in error.reason


def test_what_is_run_of_a_variant_can_be_told(tmp_path: Path) -> None:
    golden = Golden("in.npz", "out.npz")
    made = family(tmp_path, a=("N", 4))
    made.add_variant("b", tmp_path / "b.onnx", golden=golden)
    prepared = Prepared(made)
    assert prepared.preparation.rehearsal(made.variant("b")) == Rehearsal(golden=golden)
    prepared.activate("a")
    told = prepared.preparation.rehearsal(made.variant("b"))
    assert (told.contract_from, told.golden) == ("a", golden)
    assert told.contract is not None
    assert str(told.contract.inputs[0]) == "`image` float32 [N, 4]"  # type: ignore[index]  # the model has one
    around = Preparation(made, adapters={"b": (None, np.sum)})
    assert around.rehearsal(made.variant("b")) == Rehearsal(), "a function can't be told"


@pytest.mark.skipif(
    platform.machine() not in ("x86_64", "AMD64") or os.name != "posix",
    reason="only there does the division end the process",
)
def test_a_preflight_runs_what_will_be_run_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    made = family(tmp_path, a=("N", 8))
    made.add_variant("b", crashing_by_width(tmp_path / "b.onnx", 8), preflight="process")
    prepared = Prepared(made)
    prepared.activate("a")
    assert "would end the process (SIGFPE)" in prepared.failure("b").reason


def test_a_refused_load_reserves_nothing_and_an_admitted_one_until_its_release() -> None:
    made = ModelFamily("f")
    for name, size in (("a", 60), ("b", 60)):
        made.add_variant(name, f"{name}.none", metadata=VariantMetadata(memory_footprint_mb=size))
    one, other = (Preparation(made, available_mb=lambda: 100.0) for _ in range(2))
    assert one.admit("a", None) is Transition.BESIDE
    with pytest.raises(MemoryRefused, match="60 MB are promised to other loads"):
        other.admit("b", None)
    one.release("a")
    one.release("a")
    assert other.admit("b", None) is Transition.BESIDE
    other.release("b")


def test_a_variant_of_nobody_is_the_loaders_to_refuse() -> None:
    preparation = Preparation(ModelFamily("f"))
    assert preparation.admit("stranger", None) is Transition.BESIDE
    backend = FakeBackend("stranger")
    backend.load()
    preparation.warm("stranger", backend)
    assert preparation.validate("stranger", backend) is None
    preparation.release("stranger")


def test_a_variant_that_served_returns_where_nothing_does(tmp_path: Path) -> None:
    made = ModelFamily("f")
    large = VariantMetadata(memory_footprint_mb=100)
    made.add_variant("m", doubling(tmp_path / "m.onnx"), metadata=large)
    left = 1000.0
    prepared = Prepared(made, available_mb=lambda: left, can_standby=False)
    prepared.activate("m")
    left = 1.0
    prepared.activate("m")
    with pytest.raises(MemoryRefused):
        Prepared(made, available_mb=lambda: left, can_standby=False).activate("m")


def test_what_callers_go_by_stays_over_a_changed_family(tmp_path: Path) -> None:
    before = family(tmp_path, a=("N", 4), b=("N", 4))
    prepared = Prepared(before)
    prepared.activate("a")
    changed = family(tmp_path, a=("N", 4), b=("N", 7))
    after = prepared.preparation.over(changed)
    assert prepared.preparation.over(before) is prepared.preparation
    told = after.rehearsal(changed.variant("b"))
    assert told.contract_from == "a"
    assert told.contract == prepared.preparation.rehearsal(before.variant("b")).contract
    declared = Contract((), ())
    other = ModelFamily("f", contract=declared)
    other.add_variant("a", tmp_path / "a.onnx")
    assert after.over(other).rehearsal(other.variant("a")).contract == declared
    # Of what was declared and is no more, nothing is left to go by.
    assert after.over(other).over(changed).rehearsal(changed.variant("a")).contract is None
