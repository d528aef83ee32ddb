"""What takes too long is given up: a load, a start, an inference."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from edgeadapt.errors import InferenceTimeout

PATIENCE_S = 20.0


def assert_the_sum_holds(engine: Any) -> None:
    counters = engine.status().counters
    ends = ("succeeded", "failed", "superseded", "cancelled", "timed_out")
    assert counters["swaps_attempted"] == sum(counters[f"swaps_{end}"] for end in ends)


def test_a_load_that_takes_too_long_is_given_up_and_quarantined(bench: Any) -> None:
    bench.rules(load_timeout_s=0.1)
    gate = threading.Event()
    bench.loader.script("tiny", gate=gate)
    engine = bench.running(profiler=bench.recording(50, 10, 10, step_s=1.0))
    bench.poll(engine)
    variant, error = bench.fell_back()
    assert variant == "tiny"
    assert "longer than 0.1 s" in str(error)
    assert engine.last_swap_reason.startswith("SWAP_TIMED_OUT:tiny:")
    bench.poll(engine)
    assert "longer than 0.1 s" in engine.status().unavailable["tiny"]
    gate.set()
    assert engine.infer(0) == "medium"
    assert engine.status().counters["swaps_timed_out"] == 1
    assert_the_sum_holds(engine)


def test_what_only_waited_behind_a_load_that_hangs_is_not_quarantined(bench: Any) -> None:
    bench.rules(load_timeout_s=0.1)
    gate = threading.Event()
    bench.loader.script("tiny", gate=gate)
    engine = bench.running(profiler=bench.recording(50, 10, 90, 50, step_s=1.0))
    bench.poll(engine)
    bench.fell_back()
    bench.poll(engine)
    assert bench.fell_back()[0] == "full"
    bench.poll(engine)
    assert set(engine.status().unavailable) == {"tiny"}
    gate.set()


def test_a_variant_that_hangs_while_starting_is_given_up_for_the_next_one(bench: Any) -> None:
    bench.rules(load_timeout_s=0.1)
    gate = threading.Event()
    bench.loader.script("full", gate=gate)
    engine = bench.running(50, initial_variant="full")
    assert engine.infer(0) == "medium"
    assert bench.fell_back()[0] == "full"
    gate.set()
    assert bench.loader.last("full").unloaded.wait(PATIENCE_S)
    assert engine.infer(0) == "medium"


def test_an_inference_that_takes_too_long_is_given_up_alone(bench: Any) -> None:
    gate = threading.Event()
    bench.loader.script("medium", on_infer=lambda inputs: gate.wait(PATIENCE_S) if inputs == "slow" else None)
    engine = bench.running(50)
    with pytest.raises(InferenceTimeout, match=r"longer than 0.05 s"):
        engine.infer("slow", timeout_s=0.05)
    with pytest.raises(InferenceTimeout):
        engine.infer_detailed("slow", timeout_s=0.05)
    assert engine.infer("quick", timeout_s=PATIENCE_S) == "medium"
    assert engine.infer_detailed("quick", timeout_s=PATIENCE_S).variant == "medium"
    gate.set()


@pytest.mark.parametrize("timeout_s", ["soon", -1, True, float("nan")])
def test_a_time_out_is_a_number_of_seconds(bench: Any, timeout_s: Any) -> None:
    engine = bench.running(50)
    for infer in (engine.infer, engine.infer_detailed):
        with pytest.raises((TypeError, ValueError), match="`timeout_s`"):
            infer(0, timeout_s)
