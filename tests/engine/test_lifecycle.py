"""Every way in which a swap can end, as the policy, the host and the operator learn of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from edgeadapt.engine import launch
from edgeadapt.errors import ActivationError, InferenceTimeout, NotServing
from edgeadapt.observability import Fallback, SwapStage
from edgeadapt.registry.activation import Probation

PATIENCE_S = 20.0
BROKEN = OSError("the file is cut off")


def assert_the_sum_holds(engine: Any) -> None:
    counters = engine.status().counters
    ends = ("succeeded", "failed", "superseded", "cancelled", "timed_out")
    assert counters["swaps_attempted"] == sum(counters[f"swaps_{end}"] for end in ends)


def codes(engine: Any) -> list[tuple[str, str]]:
    stages = engine.observability.events("swap_stage.v1")
    return [(stage.code, stage.variant) for stage in stages if isinstance(stage, SwapStage)]


class Memory:
    """How much is left, as a test says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left_mb = 10_000.0
        monkeypatch.setattr(launch, "available_memory_mb", lambda: self.left_mb)


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Memory:
    return Memory(monkeypatch)


# --- preload


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


# --- rollback


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


# --- probation


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


# --- time-outs


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


# --- memory


def test_what_does_not_fit_the_memory_is_skipped_for_a_while_and_not_broken(
    bench: Any, memory: Memory
) -> None:
    engine = bench.running(profiler=bench.recording(10, 90, 90, 90, 90, 90, step_s=2.0))
    memory.left_mb = 200.0
    bench.poll(engine)
    variant, error = bench.fell_back()
    assert variant == "full"
    assert "200 MB are available" in str(error)
    assert engine.last_swap_reason.startswith("SWAP_SKIPPED_MEMORY:full:")
    # The `else` of the rule.
    assert bench.poll(engine).target == "medium"
    assert bench.swapped() == ("tiny", "medium")
    assert "200 MB are available" in engine.status().unavailable["full"]
    changed = engine.observability.events("availability_changed.v1")
    assert [(event.variant, event.code) for event in changed] == [("full", "SWAP_SKIPPED_MEMORY")]
    memory.left_mb = 10_000.0
    bench.poll(engine)
    bench.poll(engine)
    assert bench.swapped() == ("medium", "full")
    counters = engine.status().counters
    assert (counters["memory_refusals"], counters["swaps_failed"], counters["swaps_attempted"]) == (1, 1, 3)
    assert_the_sum_holds(engine)


def test_a_start_without_memory_for_the_first_choice_takes_the_next(bench: Any, memory: Memory) -> None:
    memory.left_mb = 50.0
    engine = bench.running(profiler=bench.recording(50, 50, step_s=1.0))
    assert engine.infer(0) == "tiny"
    bench.poll(engine)
    assert "50 MB are available" in engine.status().unavailable["medium"]


# --- gaps


@pytest.fixture
def gap(bench: Any, memory: Memory) -> Callable[..., Any]:
    """Start on `medium`, with memory for `full` only where `medium` goes first."""

    def start(**settings: Any) -> Any:
        bench.rules(gap="allowed", gap_timeout_s=0.05)
        engine = bench.running(profiler=bench.recording(50, 90, 90, 90, step_s=1.0), **settings)
        memory.left_mb = 250.0
        return engine

    return start


def test_in_a_gap_nothing_serves_and_decisions_go_on(bench: Any, gap: Callable[..., Any]) -> None:
    loading = threading.Event()
    bench.loader.script("full", gate=loading)
    engine = gap()
    bench.poll(engine)
    bench.loading("full")
    status = engine.status()
    assert (status.active_variant, status.in_gap, status.pending_variant) == (None, True, "full")
    with pytest.raises(NotServing, match="in a gap"):
        engine.infer(0)
    with pytest.raises(NotServing, match="frozen"):
        engine.freeze()
    assert bench.poll(engine).target == "full"
    loading.set()
    assert bench.swapped() == ("medium", "full")
    assert (engine.infer(0), engine.status().in_gap) == ("full", False)
    assert_the_sum_holds(engine)


def test_a_gap_whose_load_fails_brings_the_old_variant_back(bench: Any, gap: Callable[..., Any]) -> None:
    bench.loader.script("full", load_error=BROKEN)
    engine = gap()
    bench.poll(engine)
    assert bench.fell_back()[0] == "full"
    until = threading.Event()
    while engine.active_variant is None:
        until.wait(0.01)
    assert engine.infer(0) == "medium"
    assert bench.poll(engine).active == "medium"
    assert set(engine.status().unavailable) == {"full"}
    assert_the_sum_holds(engine)


# --- adapters


def test_adapters_stand_around_a_variants_model(bench: Any) -> None:
    def answer(inputs: Any) -> None:
        seen.append(inputs)

    seen: list[Any] = []
    bench.loader.script("tiny", on_infer=answer)
    engine = bench.running(50, 10, adapters={"tiny": (lambda x: x // 2, lambda y: y.upper())})
    assert engine.infer(8) == "medium"
    bench.poll(engine)
    bench.swapped()
    assert engine.infer(8) == "TINY"
    assert seen[-1] == 4


def test_an_adapter_of_an_unknown_variant_is_refused_before_anything_starts(bench: Any) -> None:
    with pytest.raises(ValueError, match=r"`tinny`.*did you mean `tiny`"):
        bench.engine(50, adapters={"tinny": (None, None)})
