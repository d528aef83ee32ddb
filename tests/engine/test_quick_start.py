"""The first program that one writes: a family made by hand, a preset, a start, an answer, a stop."""

from __future__ import annotations

import numpy as np

from edgeadapt.engine import Engine
from edgeadapt.policy.presets import MaximizeAccuracy
from edgeadapt.registry.family import ModelFamily, VariantMetadata
from edgeadapt.shipped import shipped


def test_a_family_made_by_hand_serves_under_a_preset() -> None:
    family = ModelFamily(name="demo")
    family.add_variant(
        "low",
        str(shipped("families/digits/small.onnx")),
        "low",
        metadata=VariantMetadata(
            expected_latency_ms=20.0, memory_footprint_mb=50.0, accuracy_score=0.85, power_draw_estimate="low"
        ),
    )
    engine = Engine(
        family, MaximizeAccuracy(latency_ceiling_ms=100.0), poll_interval_sec=5.0, initial_variant="low"
    )
    engine.start()
    try:
        scores = engine.infer(np.zeros((1, 1, 8, 8), np.float32))
        decision = engine.poll()
    finally:
        engine.stop()
    assert scores.shape == (1, 10)
    assert decision is not None
    assert (decision.target, decision.rule) == ("low", "otherwise")
