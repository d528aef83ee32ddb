from __future__ import annotations

import threading
from typing import Any

import pytest

from edgeadapt.observability import AvailabilityChanged, SwapRefused, SwapStage

PATIENCE_S = 20.0
BROKEN = OSError("the file is cut off")


def assert_the_sum_holds(engine: Any) -> None:
    counters = engine.status().counters
    ends = ("succeeded", "failed", "superseded", "cancelled", "timed_out")
    assert counters["swaps_attempted"] == sum(counters[f"swaps_{end}"] for end in ends)


def test_a_swap_is_made_recorded_and_counted(bench: Any) -> None:
    engine = bench.running(50, 10)
    bench.poll(engine)
    assert bench.swapped() == ("medium", "tiny")
    assert bench.started.get_nowait() == ("medium", "tiny")
    assert engine.last_swap_reason == "SWAP_COMMITTED:tiny:low"
    stages = engine.observability.events("swap_stage.v1")
    assert [(stage.code, stage.rule) for stage in stages if isinstance(stage, SwapStage)] == [
        ("SWAP_PENDING", "low"),
        ("SWAP_COMMITTED", "low"),
    ]
    assert engine.status().counters["swaps_succeeded"] == 1
    assert_the_sum_holds(engine)


GUARDED = """
edition 1
policy guarded {
  rule low { when battery < 20% use tiny }
  rule high { when battery >= 80% use full }
  otherwise use medium
  guard { cooldown 25 s }
}
"""


def test_a_swap_enters_the_policys_history_only_when_it_is_committed(bench: Any) -> None:
    gate = threading.Event()
    bench.loader.script("tiny", gate=gate)
    engine = bench.running(50, 10, 10, 10, 10, 90, 90, policy=bench.policy(GUARDED))
    # From 10 s to 30 s the load is under way, and the policy still sees `medium`.
    assert [bench.poll(engine).active for _ in range(3)] == ["medium"] * 3
    gate.set()
    bench.swapped()
    # The commit was told at 30 s: its cooldown lasts until 55 s.
    assert bench.poll(engine).active == "tiny"
    assert bench.poll(engine).reason == "SWAP_SUPPRESSED_COOLDOWN"
    assert bench.poll(engine).reason == "SWAP_POLICY_RECOMMEND"
    assert bench.swapped() == ("tiny", "full")


def test_a_swap_that_failed_starts_no_cooldown(bench: Any) -> None:
    bench.loader.script("tiny", load_error=BROKEN)
    engine = bench.running(50, 10, 90, policy=bench.policy(GUARDED))
    bench.poll(engine)
    bench.fell_back()
    assert bench.poll(engine).reason == "SWAP_POLICY_RECOMMEND"
    assert bench.swapped() == ("medium", "full")


def test_a_load_that_is_under_way_is_asked_for_once(bench: Any) -> None:
    gate = threading.Event()
    bench.loader.script("tiny", gate=gate)
    engine = bench.running(50, 10)
    for _ in range(5):
        assert bench.poll(engine).swap
    assert engine.status().pending_variant == "tiny"
    gate.set()
    bench.swapped()
    assert engine.status().pending_variant is None
    assert engine.status().counters["swaps_attempted"] == 1


def test_a_load_that_the_policy_wants_no_more_never_becomes_active(bench: Any) -> None:
    gate = threading.Event()
    bench.loader.script("tiny", gate=gate)
    engine = bench.running(50, 10, 50, 90)
    bench.poll(engine)
    tiny = bench.loading("tiny")
    assert bench.poll(engine).reason == "UNCHANGED"
    assert engine.status().pending_variant is None
    gate.set()
    assert tiny.unloaded.wait(PATIENCE_S)
    assert engine.infer(0) == "medium"
    bench.poll(engine)
    assert bench.swapped() == ("medium", "full")
    assert engine.status().counters["swaps_cancelled"] == 1
    assert_the_sum_holds(engine)


def test_a_new_wish_supersedes_the_load_under_way(bench: Any) -> None:
    gate = threading.Event()
    bench.loader.script("tiny", gate=gate)
    engine = bench.running(50, 10, 90)
    bench.poll(engine)
    bench.loading("tiny")
    bench.poll(engine)
    gate.set()
    assert bench.swapped() == ("medium", "full")
    assert engine.infer(0) == "full"
    counters = engine.status().counters
    assert (counters["swaps_superseded"], counters["swaps_succeeded"]) == (1, 1)
    assert_the_sum_holds(engine)


def test_a_variant_that_failed_is_quarantined_and_the_else_is_tried(bench: Any) -> None:
    bench.loader.script("full", load_error=BROKEN)
    engine = bench.running(profiler=bench.recording(10, 90, 90, 90, step_s=1.0))
    bench.poll(engine)
    variant, error = bench.fell_back()
    assert variant == "full"
    assert "cut off" in str(error)
    assert engine.last_swap_reason.startswith("SWAP_LOAD_FAILED:full:")
    assert engine.infer(0) == "tiny"
    bench.poll(engine)
    assert bench.swapped() == ("tiny", "medium")
    bench.poll(engine)
    assert "failed once" in engine.status().unavailable["full"]
    assert [backend.variant for backend in bench.loader.made].count("full") == 1
    assert_the_sum_holds(engine)


def test_after_its_back_off_a_variant_is_tried_again_and_a_success_clears_it(bench: Any) -> None:
    bench.loader.script("full", load_error=BROKEN)
    # The back-off is ten seconds, and so is a row.
    engine = bench.running(10, 90, 90, 90, policy=lambda state, family: "full", initial_variant="tiny")
    bench.poll(engine)
    bench.fell_back()
    bench.loader.script("full")
    assert bench.poll(engine).reason == "SWAP_POLICY_RECOMMEND"
    assert bench.swapped() == ("tiny", "full")
    changes = engine.observability.events("availability_changed.v1")
    assert [event.available for event in changes if isinstance(event, AvailabilityChanged)] == []


def test_a_callable_that_asks_for_a_quarantined_variant_for_ever_is_not_obeyed(bench: Any) -> None:
    bench.loader.script("full", load_error=BROKEN)
    profiler = bench.recording(*[50] * 20, step_s=1.0)
    engine = bench.running(policy=lambda state, family: "full", initial_variant="tiny", profiler=profiler)
    bench.poll(engine)
    bench.fell_back()
    for _ in range(8):
        bench.poll(engine)
    assert engine.last_swap_reason.startswith("SWAP_SKIPPED_QUARANTINE:full:")
    assert engine.status().counters["swaps_attempted"] == 1
    assert engine.status().counters["swaps_skipped"] == 1


@pytest.mark.parametrize("answer", [False, "no driver", ""])
def test_a_variant_that_the_gate_refuses_is_no_candidate(bench: Any, answer: bool | str) -> None:
    engine = bench.running(
        50, 90, can_activate_variant=lambda variant: answer if variant.name == "full" else True
    )
    assert bench.poll(engine).target == "medium"
    reason = engine.status().unavailable["full"]
    assert reason == (answer or "can_activate_variant refused it")


def test_a_swap_to_a_variant_that_the_gate_refuses_is_skipped_with_the_reason(bench: Any) -> None:
    engine = bench.running(
        50,
        policy=lambda state, family: "full",
        initial_variant="tiny",
        can_activate_variant=lambda variant: variant.name != "full" or "no driver",
    )
    bench.poll(engine)
    assert engine.last_swap_reason == "SWAP_SKIPPED_CAPABILITY:full:no driver"
    refused = engine.observability.events("swap_refused.v1")
    assert [event.variant for event in refused if isinstance(event, SwapRefused)] == ["full"]


def test_a_gate_that_raises_admits_nothing_and_breaks_nothing(bench: Any) -> None:
    def gate(variant: Any) -> bool:
        if variant.name == "full":
            raise OSError("no such device")
        return True

    engine = bench.running(50, 90, can_activate_variant=gate)
    assert bench.poll(engine).target == "medium"
    assert engine.status().counters["callback_errors"] == 2
    assert engine.status().unavailable["full"] == "can_activate_variant failed: no such device"


def test_what_the_guard_suppresses_is_said_once_while_it_lasts(bench: Any) -> None:
    engine = bench.running(50, 10, 90, 90, 10, policy=bench.policy(GUARDED))
    bench.poll(engine)
    bench.swapped()
    for _ in range(2):
        assert bench.poll(engine).reason == "SWAP_SUPPRESSED_COOLDOWN"
    assert engine.last_swap_reason == "SWAP_SUPPRESSED_COOLDOWN:full:high"
    assert engine.status().counters["swaps_suppressed"] == 1


def test_swaps_never_drop_an_inference(bench: Any) -> None:
    engine = bench.running(*[50, 10, 90] * 7)
    stop = threading.Event()
    answers: list[set[str]] = []
    errors: list[BaseException] = []
    asked = [threading.Event() for _ in range(2)]

    def serve(answered: threading.Event) -> None:
        seen: set[str] = set()
        try:
            while not stop.is_set():
                seen.add(engine.infer(0))
                answered.set()
        except BaseException as error:  # noqa: BLE001 - the test reports whatever a reader met
            errors.append(error)
        answers.append(seen)

    readers = [threading.Thread(target=serve, args=(answered,)) for answered in asked]
    for reader in readers:
        reader.start()
    for _ in range(20):
        bench.poll(engine)
        bench.swapped()
        # Twice: the one under way may still be of the variant before.
        for answered in (*asked, *asked):
            answered.clear()
            assert answered.wait(PATIENCE_S)
    stop.set()
    for reader in readers:
        reader.join(PATIENCE_S)
    assert errors == []
    assert set().union(*answers) == {"tiny", "medium", "full"}
    assert engine.status().counters["swaps_succeeded"] == 20
    assert_the_sum_holds(engine)
