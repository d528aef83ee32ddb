"""Families made by hand: names, order, lookups and the digest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from edgeadapt.registry import Golden, ModelFamily, SessionOptions, VariantMetadata


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
