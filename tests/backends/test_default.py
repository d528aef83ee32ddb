"""The loader that a family gets by itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from edgeadapt.backends import default_loader
from edgeadapt.backends.base import InferenceBackend
from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.errors import ActivationError
from edgeadapt.registry.family import ModelFamily
from edgeadapt.shipped import shipped
from tests.backends.onnx_models import doubling

DIGITS = shipped("families/digits.yaml")


def failure(family: ModelFamily, name: str) -> ActivationError:
    with pytest.raises(ActivationError) as caught:
        default_loader(family)(name)
    assert (caught.value.variant, caught.value.stage) == (name, "checking")
    return caught.value


def test_it_makes_an_unloaded_backend_that_answers_once_loaded() -> None:
    family = ModelFamily.from_yaml(DIGITS)
    backend = default_loader(family)("small")
    assert isinstance(backend, InferenceBackend)
    assert not backend.is_loaded
    backend.load()
    golden = family.variant("small").golden
    assert golden is not None
    with np.load(golden.inputs) as inputs, np.load(golden.outputs) as outputs:
        answer = backend.infer(dict(inputs))
        np.testing.assert_allclose(answer, outputs["scores"], atol=golden.atol, rtol=golden.rtol)


def test_a_name_that_the_family_lacks_is_refused_with_the_nearest() -> None:
    error = failure(ModelFamily.from_yaml(DIGITS), "smal")
    assert error.reason == "family `digits` has no such variant; did you mean `small`?"


def test_a_backend_that_nobody_knows_is_refused_with_those_known(tmp_path: Path) -> None:
    family = ModelFamily("mixed")
    family.add_variant("edge", tmp_path / "edge.bin", backend="tpu")
    assert failure(family, "edge").reason == "there is no backend `tpu`; known: onnx, openvino"


def test_a_file_that_is_not_the_declared_one_is_refused(tmp_path: Path) -> None:
    shutil.copytree(DIGITS.parent / "digits", tmp_path / "digits")
    shutil.copy(DIGITS, tmp_path)
    family = ModelFamily.from_yaml(tmp_path / "digits.yaml")
    (tmp_path / "digits" / "tiny.onnx").write_bytes(b"broken")
    (tmp_path / "digits" / "small.onnx").unlink()
    assert "is not the declared file" in failure(family, "tiny").reason
    assert "there is no model file" in failure(family, "small").reason


@pytest.mark.parametrize(("asked", "declared"), [(False, False), (True, False), (False, True)])
def test_standby_is_asked_for_or_declared(tmp_path: Path, asked: bool, declared: bool) -> None:
    family = ModelFamily("f")
    family.add_variant("m", doubling(tmp_path / "m.onnx"), standby=declared)
    backend = default_loader(family)("m", standby=asked)
    assert isinstance(backend, ONNXBackend)
    assert backend.standby is (asked or declared)
    backend.unload()
