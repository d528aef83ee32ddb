"""What is decided about ONNX Runtime before its library is opened."""

from __future__ import annotations

import os

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
