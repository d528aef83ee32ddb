"""A variant that serves through Python's ONNX Runtime although it need not is told of, once a reason."""

from __future__ import annotations

from typing import Any

import pytest

from edgeadapt.engine import Engine
from edgeadapt.observability import NativeFallback
from edgeadapt.registry import ModelFamily
from edgeadapt.shipped import shipped

PATIENCE_S = 60.0


def served(bench: Any) -> Engine:
    """Serve two variants of the digits family, one after the other."""
    engine = Engine(
        ModelFamily.from_yaml(shipped("families/digits.yaml")),
        lambda state, family: "tiny" if state.battery_pct < 20 else "small",
        poll_interval_sec=3600.0,
        profiler=bench.recording(50, 10),
        on_swap_complete=lambda before, after: bench.completed.put((before, after)),
    )
    with engine:
        bench.poll(engine)
        bench.swapped()
    return engine


def test_each_reason_is_told_once(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGEADAPT_ONNX", "python")
    engine = served(bench)
    events = [e for e in engine.observability.events("native_fallback.v1") if isinstance(e, NativeFallback)]
    assert [event.variant for event in events] == ["small"]
    assert "EDGEADAPT_ONNX" in events[0].reason
    assert engine.status().counters["native_fallbacks"] == 1


def test_what_runs_natively_is_no_news(bench: Any) -> None:
    assert served(bench).observability.events("native_fallback.v1") == ()


def test_a_backend_of_another_runtime_is_no_news(bench: Any) -> None:
    assert bench.running(50).observability.events("native_fallback.v1") == ()
