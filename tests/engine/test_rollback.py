"""What is rolled back to, by the operator or by errors on probation, serves, and the policy learns of it."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from edgeadapt.errors import NotServing
from edgeadapt.observability import Fallback, SwapStage
from edgeadapt.registry.activation import Probation

PATIENCE_S = 20.0


def assert_the_sum_holds(engine: Any) -> None:
    counters = engine.status().counters
    ends = ("succeeded", "failed", "superseded", "cancelled", "timed_out")
    assert counters["swaps_attempted"] == sum(counters[f"swaps_{end}"] for end in ends)


def codes(engine: Any) -> list[tuple[str, str]]:
    stages = engine.observability.events("swap_stage.v1")
    return [(stage.code, stage.variant) for stage in stages if isinstance(stage, SwapStage)]


def test_a_rollback_leads_to_what_served_before_and_keeps_the_other_out(bench: Any) -> None:
    engine = bench.running(profiler=bench.recording(50, 10, 10, 10, step_s=1.0))
    bench.poll(engine)
    bench.swapped()
    assert engine.status().previous_variant == "medium"
    event = engine.rollback(who="on call").wait(PATIENCE_S)
    assert (event.code, engine.infer(0)) == ("SWAP_ROLLED_BACK", "medium")
    assert bench.swapped() == ("tiny", "medium")
    decision = bench.poll(engine)
    assert decision.active == "medium"
    assert engine.status().unavailable == {"tiny": "quarantined, failed once: the operator rolled it back"}
    assert engine.infer(0) == "medium"
    counters = engine.status().counters
    assert (counters["rollbacks"], counters["swaps_attempted"], counters["swaps_succeeded"]) == (1, 2, 2)
    assert_the_sum_holds(engine)
    action = engine.observability.events("operator.v1")[-1]
    assert (action.action, action.variant, action.who) == ("rollback", "medium", "on call")


def test_a_rollback_that_loads_is_not_held_up_by_the_policy(bench: Any) -> None:
    gate = threading.Event()
    engine = bench.running(50, 10, 10, 10)
    bench.poll(engine)
    bench.swapped()
    bench.loader.script("medium", gate=gate)
    request = engine.rollback()
    bench.loading("medium")
    # The policy is content with what serves, and knows nothing of the order.
    bench.poll(engine)
    gate.set()
    assert request.wait(PATIENCE_S).code == "SWAP_ROLLED_BACK"


def test_a_pin_goes_with_a_rollback(bench: Any) -> None:
    engine = bench.running(50, 10, 10)
    bench.poll(engine)
    bench.swapped()
    engine.freeze()
    engine.rollback().wait(PATIENCE_S)
    bench.told(engine, "SWAP_ROLLED_BACK")
    bench.poll(engine)
    assert (engine.status().pinned_variant, engine.infer(0)) == ("medium", "medium")


def test_where_nothing_served_before_a_rollback_is_refused(bench: Any) -> None:
    engine = bench.running(50)
    with pytest.raises(ValueError, match="none served before"):
        engine.rollback()
    assert engine.observability.events("operator.v1") == ()


def test_an_engine_that_does_not_run_preloads_nothing_and_rolls_nothing_back(bench: Any) -> None:
    engine = bench.engine(50)
    for call in (engine.rollback, lambda: engine.preload("tiny")):
        with pytest.raises(NotServing, match="call `start"):
            call()


def test_errors_on_probation_bring_the_old_variant_back_and_the_policy_learns_of_it(bench: Any) -> None:
    bench.rules(probation=Probation(inferences=1000, seconds=3600.0, errors=1))
    bench.loader.script("tiny", infer_error=RuntimeError("a broken kernel"))
    engine = bench.running(profiler=bench.recording(50, 10, 10, 10, step_s=1.0))
    bench.poll(engine)
    bench.swapped()
    for _ in range(2):
        with pytest.raises(RuntimeError, match="a broken kernel"):
            engine.infer(0)
    assert engine.infer(0) == "medium"
    variant, error = bench.fell_back()
    assert variant == "tiny"
    assert "a broken kernel" in str(error)
    decision = bench.poll(engine)
    assert decision.active == "medium"
    assert "a broken kernel" in engine.status().unavailable["tiny"]
    assert engine.infer(0) == "medium"
    counters = engine.status().counters
    assert (counters["rollbacks"], counters["swaps_attempted"]) == (1, 1)
    assert_the_sum_holds(engine)
    assert codes(engine)[-1] == ("SWAP_ROLLED_BACK", "medium")
    fallbacks = engine.observability.events("fallback.v1")
    assert [(e.variant, e.serving) for e in fallbacks if isinstance(e, Fallback)] == [("tiny", "medium")]


def test_a_pinned_variant_that_was_rolled_back_comes_again_only_after_its_back_off(bench: Any) -> None:
    bench.rules(probation=Probation(inferences=1000, seconds=3600.0, errors=0))
    bench.loader.script("tiny", infer_error=RuntimeError("a broken kernel"))
    engine = bench.running(profiler=bench.recording(50, 50, 50, 50, 50, step_s=4.0))
    engine.pin("tiny")
    bench.swapped()
    with pytest.raises(RuntimeError):
        engine.infer(0)
    bench.fell_back()
    bench.loader.script("tiny")
    bench.poll(engine)
    assert engine.infer(0) == "medium"
    for _ in range(3):
        bench.poll(engine)
    assert bench.swapped() == ("medium", "tiny")
