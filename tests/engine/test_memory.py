"""What does not fit the memory is skipped for a while, or waits for room in a gap."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from edgeadapt.engine import launch
from edgeadapt.errors import NotServing

BROKEN = OSError("the file is cut off")


def assert_the_sum_holds(engine: Any) -> None:
    counters = engine.status().counters
    ends = ("succeeded", "failed", "superseded", "cancelled", "timed_out")
    assert counters["swaps_attempted"] == sum(counters[f"swaps_{end}"] for end in ends)


class Memory:
    """How much is left, as a test says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left_mb = 10_000.0
        monkeypatch.setattr(launch, "available_memory_mb", lambda: self.left_mb)


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Memory:
    return Memory(monkeypatch)


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
