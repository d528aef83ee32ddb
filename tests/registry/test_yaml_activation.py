"""The parts of a family file about coming into service: contract, rules and adapters."""

from __future__ import annotations

from pathlib import Path

from edgeadapt.registry import ActivationRules, Contract, ContractTensor, ModelFamily, Probation
from edgeadapt.registry.adapter import (
    Cast,
    Constant,
    Drop,
    LabelMap,
    Layout,
    Rename,
    Resize,
    Scale,
    Take,
)

VALID = Path(__file__).parent.parent / "corpus" / "families" / "valid"


def read(text: str, folder: Path) -> ModelFamily:
    path = folder / "f.yaml"
    path.write_text("schema_version: 1\nname: n\n" + text + "variants: [{name: a, path: a.onnx}]\n")
    return ModelFamily.from_yaml(path)


def test_a_contract_is_read_with_what_it_leaves_open() -> None:
    assert ModelFamily.from_yaml(VALID / "lifecycle.yaml").contract == Contract(
        inputs=(
            ContractTensor("image", "uint8", ("N", 8, 8, 3)),
            ContractTensor("mask", None, (None, 8)),
        ),
        outputs=(ContractTensor(None, "float32", None),),
    )


def test_rules_are_keys_of_the_family() -> None:
    rules = ModelFamily.from_yaml(VALID / "lifecycle.yaml").activation
    assert rules == ActivationRules("auto", "allowed", 2, 30.5, Probation(50, 30.0, 0))


def test_every_step_of_an_adapter_is_read_in_order() -> None:
    small, large = ModelFamily.from_yaml(VALID / "lifecycle.yaml").variants
    assert small.adapter is not None
    assert small.adapter.inputs == (
        Drop("mask"),
        Cast("image", "float32"),
        Scale("image", (0.1, 0.2, 0.3), -1, -1),
        Layout("image", "NHWC", "NCHW"),
        Resize("image", 4, 4, "area"),
        Rename("image", "pixels"),
        Constant("threshold", 0.5),
    )
    assert small.adapter.outputs == (Take("scores", (2, 0, 1)), LabelMap("best", (7, 8)))
    assert (small.standby, small.preflight) == (True, "process")
    assert (large.standby, large.preflight, large.adapter) == (False, None, None)


def test_what_is_not_declared_has_its_default(tmp_path: Path) -> None:
    family = read("", tmp_path)
    assert (family.contract, family.activation) == (None, ActivationRules())
    assert family.activation.probation is None


def test_an_empty_probation_is_the_default_one(tmp_path: Path) -> None:
    assert read("probation: {}\n", tmp_path).activation.probation == Probation()
    assert read("probation:\n", tmp_path).activation.probation is None


def test_an_empty_contract_compares_nothing(tmp_path: Path) -> None:
    assert read("contract: {}\n", tmp_path).contract == Contract(None, None)
