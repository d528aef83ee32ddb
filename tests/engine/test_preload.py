"""A preloaded variant serves without a load, when somebody wants it."""

from __future__ import annotations

from typing import Any

import pytest

from edgeadapt.errors import ActivationError
from edgeadapt.observability import SwapStage

PATIENCE_S = 20.0
BROKEN = OSError("the file is cut off")


def assert_the_sum_holds(engine: Any) -> None:
    counters = engine.status().counters
    ends = ("succeeded", "failed", "superseded", "cancelled", "timed_out")
    assert counters["swaps_attempted"] == sum(counters[f"swaps_{end}"] for end in ends)


def codes(engine: Any) -> list[tuple[str, str]]:
    stages = engine.observability.events("swap_stage.v1")
    return [(stage.code, stage.variant) for stage in stages if isinstance(stage, SwapStage)]


def test_a_swap_to_what_was_preloaded_takes_no_load(bench: Any) -> None:
    engine = bench.running(50, 10)
    event = engine.preload("tiny", why="the battery is low soon").wait(PATIENCE_S)
    assert (event.code, engine.infer(0), engine.status().preloaded) == ("SWAP_PRELOADED", "medium", ("tiny",))
    bench.poll(engine)
    assert engine.infer(0) == "tiny"
    assert bench.swapped() == ("medium", "tiny")
    assert [backend.variant for backend in bench.loader.made].count("tiny") == 1
    counters = engine.status().counters
    assert (counters["preloads"], counters["swaps_attempted"], counters["operator_actions"]) == (1, 1, 1)
    assert_the_sum_holds(engine)
    assert codes(engine)[:2] == [("SWAP_PENDING", "tiny"), ("SWAP_PRELOADED", "tiny")]


def test_a_preload_that_fails_is_quarantined_and_falls_back_to_nothing(bench: Any) -> None:
    bench.loader.script("tiny", load_error=BROKEN)
    engine = bench.running(profiler=bench.recording(50, 50, step_s=1.0))
    assert engine.preload("tiny").wait(PATIENCE_S).code == "SWAP_LOAD_FAILED"
    bench.told(engine, "SWAP_LOAD_FAILED")
    bench.poll(engine)
    assert "failed once" in engine.status().unavailable["tiny"]
    assert bench.fallbacks.empty()
    counters = engine.status().counters
    assert (counters["swaps_failed"], counters["preloads_failed"]) == (0, 1)


def test_what_may_not_be_loaded_here_is_not_preloaded(bench: Any) -> None:
    engine = bench.running(50, can_activate_variant=lambda variant: variant.name != "full" or "no driver")
    with pytest.raises(ActivationError, match="no driver"):
        engine.preload("full")
    with pytest.raises(ValueError, match="has no variant `fulll`; did you mean `full`"):
        engine.preload("fulll")
