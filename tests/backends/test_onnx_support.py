"""What is decided about ONNX Runtime before its library is opened."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from edgeadapt.backends.onnx_support import support

TELEMETRY = "ORT_DISABLE_TELEMETRY"


def test_the_runtime_reports_to_nobody_unless_the_host_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(TELEMETRY, raising=False)
    support()
    assert os.environ[TELEMETRY] == "1"
    monkeypatch.setenv(TELEMETRY, "0")
    support()
    assert os.environ[TELEMETRY] == "0"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such pipes")
def test_a_library_that_is_a_pipe_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setenv("EDGEADAPT_ONNXRUNTIME_LIBRARY", str(tmp_path / "pipe"))
    assert support().reason.endswith("`, which `EDGEADAPT_ONNXRUNTIME_LIBRARY` names, is no regular file")
