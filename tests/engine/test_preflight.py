"""A variant that would end the process at the sizes that this family serves is refused, and the engine serves on."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import numpy as np
import pytest

from edgeadapt import Engine, ModelFamily
from tests.backends.onnx_models import crashing_by_width, doubling


@pytest.mark.skipif(
    platform.machine() not in ("x86_64", "AMD64") or os.name != "posix",
    reason="only there does the division end the process",
)
def test_a_variant_is_tried_elsewhere_at_the_sizes_of_the_one_that_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    family = ModelFamily("f")
    family.add_variant("a", doubling(tmp_path / "a.onnx", shape=("N", 8)))
    family.add_variant("b", crashing_by_width(tmp_path / "b.onnx", 8), preflight="process")
    with Engine(family, lambda state, family: "a") as engine:
        event = engine.preload("b").wait(60)
        assert event is not None
        assert "would end the process (SIGFPE)" in str(event.error)
        assert engine.infer(np.ones((1, 8), np.float32)).tolist() == [[2.0] * 8]
