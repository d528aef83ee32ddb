"""Families made by hand: names, order, lookups and the digest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from edgeadapt.registry import (
    ActivationRules,
    AdapterSteps,
    Contract,
    ContractTensor,
    Golden,
    ModelFamily,
    SessionOptions,
    VariantMetadata,
)
from edgeadapt.registry.adapter import Drop, LabelMap, Take


def family() -> ModelFamily:
    made = ModelFamily("digits", "handwritten digits")
    made.add_variant(
        "tiny", "tiny.onnx", metadata=VariantMetadata(accuracy_score=0.9), attributes={"side": 4}
    )
    made.add_variant("large", Path("models/large.onnx"), "best", attributes={"int8": False})
    return made


def test_variants_keep_the_order_they_were_added_in() -> None:
    made = family()
    assert made.names == ("tiny", "large")
    assert [variant.name for variant in made] == [variant.name for variant in made.variants]
    assert ("tiny" in made, "medium" in made, len(made)) == (True, False, 2)


def test_a_name_is_taken_once() -> None:
    with pytest.raises(ValueError, match="variant `tiny` is already in family `digits`"):
        family().add_variant("tiny", "other.onnx")


def test_an_unknown_variant_gets_the_nearest_one() -> None:
    with pytest.raises(KeyError, match="did you mean `large`"):
        family().variant("lagre")


def test_an_unknown_variant_of_an_empty_family_says_so() -> None:
    with pytest.raises(KeyError, match="no variant"):
        ModelFamily("empty").variant("x")


def test_attribute_keys_are_those_of_all_variants() -> None:
    assert family().attribute_keys == ("int8", "side")


def test_equal_families_have_equal_digests_wherever_their_files_lie() -> None:
    moved = ModelFamily("digits", "handwritten digits")
    moved.add_variant(
        "tiny", "/opt/tiny.onnx", metadata=VariantMetadata(accuracy_score=0.9), attributes={"side": 4}
    )
    moved.add_variant("large", "C:\\models\\large.onnx", "best", attributes={"int8": False})
    assert moved.digest == family().digest


def test_what_a_variant_says_changes_the_digest() -> None:
    other = family()
    other.add_variant(
        "third", "x", golden=Golden("in.npz", "out.npz"), session=SessionOptions(providers=("CPU",))
    )
    assert other.digest != family().digest
    assert len(other.digest) == 64


def test_the_quick_start_of_a_family_made_by_hand_works() -> None:
    quick = ModelFamily(name="demo")
    quick.add_variant(
        "low",
        "/path/to/model.onnx",
        "low",
        metadata=VariantMetadata(
            expected_latency_ms=20.0, memory_footprint_mb=50.0, accuracy_score=0.85, power_draw_estimate="low"
        ),
    )
    low = quick.variant("low")
    assert (low.tier, low.path, low.backend) == ("low", "/path/to/model.onnx", "onnx")
    names = ("latency", "memory", "accuracy", "power")
    assert [low.attribute(name) for name in names] == [20.0, 50.0, 0.85, "low"]


def test_missing_files_are_listed_once(tmp_path: Path) -> None:
    made = ModelFamily("digits")
    there = tmp_path / "there.onnx"
    there.write_bytes(b"x")
    gone = str(tmp_path / "gone.onnx")
    made.add_variant("a", there)
    made.add_variant("b", gone, golden=Golden(str(there), gone))
    assert made.missing_files() == (gone,)


@pytest.mark.parametrize("bad", ["", "  ", "two\nlines", 3])
def test_a_family_needs_a_printable_name(bad: Any) -> None:
    with pytest.raises(ValueError, match="printable text"):
        ModelFamily(bad)


CONTRACT = Contract(inputs=(ContractTensor("image"),))


def test_a_family_that_declares_nothing_new_has_the_digest_it_always_had() -> None:
    assert family().digest == "e04c7add5899078fc124d033a826b8c487229884d0b407419abb78440c3c4622"


def test_each_part_that_is_declared_changes_the_digest() -> None:
    parts: list[dict[str, Any]] = [
        {},
        {"contract": CONTRACT},
        {"contract": Contract(outputs=CONTRACT.inputs)},
        {"activation": ActivationRules(gap="allowed")},
    ]
    own: list[dict[str, Any]] = [
        {"standby": True},
        {"preflight": "process"},
        {"adapter": AdapterSteps(inputs=(Drop("x"),))},
        {"adapter": AdapterSteps(outputs=(Take("x", (1,)),))},
        {"adapter": AdapterSteps(outputs=(LabelMap("x", (1,)),))},
    ]
    digests = {ModelFamily("digits", **part).digest for part in parts}
    for part in own:
        made = ModelFamily("digits", contract=CONTRACT)
        made.add_variant("a", "a.onnx", **part)
        digests.add(made.digest)
    assert len(digests) == len(parts) + len(own)


def test_an_adapter_needs_a_contract_to_bring_to() -> None:
    with pytest.raises(ValueError, match="variant `a` has an adapter, but family `digits` no contract"):
        ModelFamily("digits").add_variant("a", "a.onnx", adapter=AdapterSteps())


def test_a_family_without_some_variants_keeps_its_contract_and_rules() -> None:
    rules = ActivationRules(gap="allowed")
    made = ModelFamily("digits", contract=CONTRACT, activation=rules)
    made.add_variant("a", "a.onnx")
    fewer = made.without(["a"])
    assert (fewer.contract, fewer.activation, len(fewer)) == (CONTRACT, rules, 0)


def test_parts_of_another_type_are_refused() -> None:
    with pytest.raises(TypeError, match="contract is a Contract"):
        ModelFamily("digits", contract={})  # type: ignore[arg-type]  # the mistake tested
    with pytest.raises(TypeError, match="activation is an ActivationRules"):
        ModelFamily("digits", activation={})  # type: ignore[arg-type]  # the mistake tested
