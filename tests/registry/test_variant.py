"""Variants and what they may say of themselves."""

from __future__ import annotations

import math
from typing import Any

import pytest

from edgeadapt.registry import Golden, ModelVariant, SessionOptions, VariantMetadata
from edgeadapt.registry.variant import VARIANT_ATTRIBUTES


def test_a_policy_sees_attributes_under_the_languages_names() -> None:
    variant = ModelVariant(
        "v", "v.onnx", metadata=VariantMetadata(12, 3, 0.9, "low"), attributes={"side": 4, "int8": True}
    )
    seen = {name: variant.attribute(name) for name in (*VARIANT_ATTRIBUTES, "variant.side", "variant.int8")}
    assert seen == {
        "latency": 12.0,
        "memory": 3.0,
        "accuracy": 0.9,
        "power": "low",
        "variant.side": 4.0,
        "variant.int8": True,
    }


def test_a_missing_attribute_is_unknown_and_a_misspelt_one_an_error() -> None:
    variant = ModelVariant("v", "v.onnx")
    assert variant.attribute("accuracy") is None
    assert variant.attribute("variant.side") is None
    with pytest.raises(KeyError, match="known: latency, memory, accuracy, power"):
        variant.attribute("speed")


@pytest.mark.parametrize(
    "bad",
    [
        {"accuracy_score": 1.01},
        {"accuracy_score": -0.1},
        {"accuracy_score": math.nan},
        {"expected_latency_ms": -1},
        {"expected_latency_ms": math.inf},
        {"memory_footprint_mb": 10**400},
        {"power_draw_estimate": "tiny"},
        {"power_draw_estimate": 3},
    ],
)
def test_metadata_out_of_range_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(bad))):
        VariantMetadata(**bad)


@pytest.mark.parametrize("bad", ["0.9", True, [1]])
def test_metadata_of_another_type_is_refused(bad: Any) -> None:
    with pytest.raises(TypeError, match="is a number"):
        VariantMetadata(accuracy_score=bad)


@pytest.mark.parametrize(
    "bad",
    [
        {"name": ""},
        {"name": 'qu"ote'},
        {"name": "two\nlines"},
        {"path": "nul\0"},
        {"sha256": "abc"},
        {"attributes": {"has space": 1}},
        {"attributes": {"side": math.nan}},
        {"attributes": (("side", 1), ("side", 2))},
    ],
)
def test_a_malformed_variant_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"variant|sha256|attribute|side"):
        ModelVariant(**{"name": "v", "path": "v.onnx", **bad})


def test_attributes_are_numbers_and_booleans_only() -> None:
    with pytest.raises(TypeError, match="`side` is a number, not the text `four`"):
        ModelVariant("v", "v.onnx", attributes={"side": "four"})


def test_a_digest_is_compared_in_lower_case() -> None:
    assert ModelVariant("v", "v.onnx", sha256="AB" * 32).sha256 == "ab" * 32


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        ({"intra_op_num_threads": -1}, ValueError),
        ({"intra_op_num_threads": True}, TypeError),
        ({"inter_op_num_threads": 1.5}, TypeError),
        ({"graph_optimization_level": "most"}, ValueError),
        ({"providers": (1,)}, TypeError),
        ({"providers": "CPUExecutionProvider"}, TypeError),
        ({"config_entries": {"k": 1}}, TypeError),
    ],
)
def test_malformed_session_options_are_refused(bad: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        SessionOptions(**bad)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"metadata": {"accuracy_score": 0.9}}, "metadata is a VariantMetadata"),
        ({"session": {"intra_op_num_threads": 1}}, "session is a SessionOptions"),
        ({"golden": ("in.npz", "out.npz")}, "golden is a Golden"),
        ({"tier": 1}, "tier is text"),
    ],
)
def test_parts_of_another_type_are_refused_at_once(bad: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        ModelVariant(**{"name": "v", "path": "v.onnx", **bad})


def test_golden_files_are_paths_as_text() -> None:
    with pytest.raises(TypeError, match="`outputs` is a path as text"):
        Golden("in.npz", 3)  # type: ignore[arg-type]  # the mistake tested


def test_tolerances_are_not_negative() -> None:
    with pytest.raises(ValueError, match="`atol` is 0 or more"):
        Golden("in.npz", "out.npz", atol=-1e-6)


def test_variants_are_values() -> None:
    one, two = (ModelVariant("v", "v.onnx", attributes={"side": 4}) for _ in range(2))
    assert one == two
    assert hash(one) == hash(two)
    with pytest.raises(TypeError):
        one.attributes["side"] = 5  # type: ignore[index]  # the mistake tested
