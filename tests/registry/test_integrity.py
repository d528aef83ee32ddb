"""Model files against their declared digests."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from edgeadapt.errors import ActivationError
from edgeadapt.registry import ModelVariant
from edgeadapt.registry.integrity import sha256_of, verify


def test_the_declared_file_passes(tmp_path: Path) -> None:
    model = tmp_path / "m.onnx"
    model.write_bytes(b"model" * 500_000)
    digest = hashlib.sha256(model.read_bytes()).hexdigest()
    assert sha256_of(model) == digest
    verify(ModelVariant("m", str(model), sha256=digest.upper()))
    verify(ModelVariant("m", str(model)))


def test_another_file_is_refused_with_both_digests(tmp_path: Path) -> None:
    model = tmp_path / "m.onnx"
    model.write_bytes(b"broken")
    with pytest.raises(ActivationError, match=r"is not the declared file.*restore the file") as caught:
        verify(ModelVariant("m", str(model), sha256="0" * 64))
    assert (caught.value.variant, caught.value.stage) == ("m", "checking")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ActivationError, match="there is no model file"):
        verify(ModelVariant("m", str(tmp_path / "gone.onnx")))
