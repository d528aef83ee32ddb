"""A variant whose backend is not there is no candidate, and the reason says what to do."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from edgeadapt.backends.availability import installed_backends, missing_backend
from edgeadapt.backends.shipped_backends import BACKENDS
from edgeadapt.engine import Engine
from edgeadapt.registry import ModelFamily, ModelVariant
from tests.backends.onnx_models import doubling


def variant(backend: str) -> ModelVariant:
    return ModelVariant("v", "v.onnx", backend=backend)


def without(monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    # As the import system finds it where it is not installed.
    monkeypatch.setitem(sys.modules, module, None)


def test_what_an_installed_backend_serves_is_admitted() -> None:
    assert installed_backends()(variant("onnx")) is True


@pytest.mark.parametrize(
    ("tag", "reason"),
    [
        ("onnx", "backend `onnx` needs `onnxruntime`, which is not installed; install it: pip install onnxruntime"),
        (
            "openvino",
            "backend `openvino` needs `openvino`, which is not installed; install it: pip install 'edgeadapt[openvino]'",
        ),
    ],
)  # fmt: skip
def test_a_backend_without_its_runtime_says_what_to_install(
    tag: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, BACKENDS[tag].module)
    assert installed_backends()(variant(tag)) == reason


def test_the_runtimes_library_does_without_its_module(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "onnxruntime")
    monkeypatch.setenv("EDGEADAPT_ONNXRUNTIME_LIBRARY", "/opt/libonnxruntime.so")
    assert missing_backend("onnx") == ""


@pytest.mark.parametrize("tag", ["tflite", "coreml"])
def test_a_known_tag_without_a_backend_says_how_to_serve_it(tag: str) -> None:
    reason = f"EdgeAdapt ships no backend `{tag}`; make it in a function of yours: `Engine(loader=…)`"
    assert installed_backends()(variant(tag)) == reason


def test_an_unknown_tag_gets_the_nearest_known() -> None:
    assert missing_backend("openvno") == "there is no backend `openvno`; did you mean `openvino`?"


def test_a_module_that_stands_in_for_the_runtime_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    module = type(sys)("openvino")
    module.__spec__ = None
    monkeypatch.setitem(sys.modules, "openvino", module)
    assert missing_backend("openvino") == ""


def test_a_gate_looks_once_for_each_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    find = importlib.util.find_spec

    def noting(name: str) -> object:
        looked.append(name)
        return find(name)

    monkeypatch.setattr(importlib.util, "find_spec", noting)
    gate = installed_backends()
    assert [gate(variant("onnx")) for _ in range(3)] == [True] * 3
    assert looked == ["onnxruntime"]


def test_an_engine_serves_what_can_be_and_says_why_the_rest_cannot(tmp_path: Path) -> None:
    family = ModelFamily("mixed")
    family.add_variant("edge", doubling(tmp_path / "m.onnx"))
    family.add_variant("phone", tmp_path / "m.tflite", backend="tflite")
    with Engine(family, lambda state, family: "phone") as engine:
        status = engine.status()
        events = [event.as_dict() for event in engine.observability.events("availability_changed.v1")]
    assert (status.active_variant, status.unavailable) == ("edge", {"phone": missing_backend("tflite")})
    assert [(event["variant"], event["code"]) for event in events] == [("phone", "SWAP_SKIPPED_CAPABILITY")]
