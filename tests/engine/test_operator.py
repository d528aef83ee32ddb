"""The operator's orders beat the policy, which goes on stepping; each is recorded and outlives a stop."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from edgeadapt.errors import ActivationError, NotServing
from edgeadapt.observability import OperatorAction, SwapRefused, SwapStage

PATIENCE_S = 20.0
BROKEN = OSError("the file is cut off")


def actions(engine: Any) -> list[tuple[str, str | None]]:
    events = engine.observability.events("operator.v1")
    return [(event.action, event.variant) for event in events if isinstance(event, OperatorAction)]


def test_what_is_frozen_serves_on_while_the_policy_steps(bench: Any) -> None:
    engine = bench.running(50, 10, 10, 90)
    engine.freeze()
    assert engine.status().pinned_variant == "medium"
    assert bench.poll(engine).target == "tiny"
    assert engine.last_swap_reason == "SWAP_PINNED:tiny:low"
    bench.poll(engine)
    bench.poll(engine)
    assert engine.last_swap_reason == "SWAP_PINNED:full:high"
    refused = engine.observability.events("swap_refused.v1")
    assert [event.code for event in refused if isinstance(event, SwapRefused)] == ["SWAP_PINNED"] * 2
    assert engine.infer(0) == "medium"
    counters = engine.status().counters
    assert (counters["swaps_pinned"], counters["swaps_attempted"]) == (2, 0)


def test_after_an_unpin_the_policy_chooses_from_its_next_step_on(bench: Any) -> None:
    engine = bench.running(50, 10, 10)
    engine.freeze()
    bench.poll(engine)
    engine.unpin()
    assert (engine.status().pinned_variant, engine.infer(0)) == (None, "medium")
    bench.poll(engine)
    assert bench.swapped() == ("medium", "tiny")


def test_a_pin_of_another_variant_swaps_to_it_at_once(bench: Any) -> None:
    engine = bench.running(50, 50)
    engine.pin("full", who="night shift", why="measuring")
    assert bench.swapped() == ("medium", "full")
    stages = engine.observability.events("swap_stage.v1")
    assert [(stage.code, stage.action) for stage in stages if isinstance(stage, SwapStage)] == [
        ("SWAP_PENDING", "pin"),
        ("SWAP_COMMITTED", "pin"),
    ]
    # The policy knows what serves, and wants back.
    assert bench.poll(engine).active == "full"
    assert engine.last_swap_reason.startswith("SWAP_PINNED:medium:")
    event = engine.observability.events("operator.v1")[0]
    assert (event.action, event.variant, event.who, event.why) == ("pin", "full", "night shift", "measuring")


def test_a_freeze_gives_up_the_load_under_way(bench: Any) -> None:
    gate = threading.Event()
    bench.loader.script("tiny", gate=gate)
    engine = bench.running(50, 10)
    bench.poll(engine)
    tiny = bench.loading("tiny")
    engine.freeze()
    gate.set()
    assert tiny.unloaded.wait(PATIENCE_S)
    assert (engine.infer(0), engine.status().pending_variant) == ("medium", None)


def test_a_freeze_gives_up_a_preload_too(bench: Any) -> None:
    gate = threading.Event()
    bench.loader.script("tiny", gate=gate)
    engine = bench.running(50)
    request = engine.preload("tiny")
    bench.loading("tiny")
    engine.freeze()
    event = request.wait(PATIENCE_S)
    assert event is not None
    assert event.code == "SWAP_CANCELLED"
    gate.set()


def test_a_pin_supersedes_the_load_under_way(bench: Any) -> None:
    gate = threading.Event()
    bench.loader.script("tiny", gate=gate)
    engine = bench.running(50, 10)
    bench.poll(engine)
    bench.loading("tiny")
    engine.pin("full")
    gate.set()
    assert bench.swapped() == ("medium", "full")


def test_a_pin_ends_a_quarantine(bench: Any) -> None:
    bench.loader.script("full", load_error=BROKEN)
    engine = bench.running(profiler=bench.recording(50, 90, 90, step_s=1.0))
    bench.poll(engine)
    bench.fell_back()
    bench.loader.script("full")
    engine.pin("full")
    assert bench.swapped() == ("medium", "full")


def test_a_pinned_variant_that_fails_is_asked_for_again_after_its_back_off(bench: Any) -> None:
    bench.loader.script("full", load_error=BROKEN)
    engine = bench.running(profiler=bench.recording(50, 50, 50, 50, 50, step_s=4.0))
    engine.pin("full")
    bench.fell_back()
    bench.loader.script("full")
    bench.poll(engine)
    assert engine.last_swap_reason.startswith("SWAP_SKIPPED_QUARANTINE:full:")
    assert engine.infer(0) == "medium"
    for _ in range(3):
        bench.poll(engine)
    assert bench.swapped() == ("medium", "full")


def test_a_pin_of_a_variant_that_the_gate_refuses_is_refused(bench: Any) -> None:
    engine = bench.running(50, 50, can_activate_variant=lambda variant: variant.name != "full" or "no driver")
    with pytest.raises(ActivationError, match="no driver"):
        engine.pin("full")
    assert (engine.status().pinned_variant, engine.infer(0)) == (None, "medium")
    assert actions(engine) == []


def test_a_pin_of_a_variant_that_the_gate_refuses_later_is_kept_and_said(bench: Any, tmp_path: Path) -> None:
    path = tmp_path / "edgeadapt.state"
    engine = bench.running(50, state_file=path)
    engine.pin("full")
    engine.stop()
    engine = bench.running(
        50,
        50,
        state_file=path,
        can_activate_variant=lambda variant: variant.name != "full" or "no driver",
    )
    bench.poll(engine)
    assert engine.last_swap_reason == "SWAP_SKIPPED_CAPABILITY:full:no driver"
    assert engine.infer(0) == "medium"


def test_a_pin_is_obeyed_while_the_policy_fails(bench: Any) -> None:
    def fails(state: Any, family: Any) -> str:
        raise OSError("no idea")

    engine = bench.running(policy=fails, initial_variant="tiny")
    bench.loader.script("full", load_error=BROKEN)
    engine.pin("full")
    bench.fell_back()
    bench.loader.script("full")
    engine.pin("full")
    assert bench.swapped() == ("tiny", "full")


def test_a_callback_may_give_orders(bench: Any) -> None:
    ordered = threading.Event()

    def complete(before: str, after: str) -> None:
        if not ordered.is_set():
            engine.pin(before)
            ordered.set()
        bench.completed.put((before, after))

    engine = bench.running(50, 10, on_swap_complete=complete)
    bench.poll(engine)
    assert [bench.swapped(), bench.swapped()] == [("medium", "tiny"), ("tiny", "medium")]
    assert engine.status().pinned_variant == "medium"


def test_a_pin_outlives_a_stop(bench: Any) -> None:
    engine = bench.running(50, 50)
    engine.pin("full")
    bench.swapped()
    engine.stop()
    engine.start()
    assert (engine.infer(0), engine.status().pinned_variant) == ("full", "full")


def test_a_pin_outlives_a_restart_with_a_state_file(bench: Any, tmp_path: Path) -> None:
    path = tmp_path / "edgeadapt.state"
    engine = bench.running(50, state_file=path)
    engine.pin("tiny")
    # Kept from the moment of the order on, for a process may end in any way.
    assert json.loads(path.read_text())["pinned"] == "tiny"
    bench.swapped()
    engine.stop()
    engine = bench.running(90, 90, state_file=path, initial_variant="full")
    assert engine.infer(0) == "tiny"
    bench.poll(engine)
    assert engine.last_swap_reason == "SWAP_PINNED:full:high"
    engine.unpin()
    assert json.loads(path.read_text())["pinned"] is None


def test_a_pin_on_a_variant_that_the_family_lost_is_dropped_and_said(bench: Any, tmp_path: Path) -> None:
    path = tmp_path / "edgeadapt.state"
    engine = bench.running(50, state_file=path)
    engine.pin("tiny")
    engine.stop()
    bench.family = bench.family.without({"tiny"})
    engine = bench.running(50, state_file=path, policy=lambda state, family: "full")
    assert (engine.status().pinned_variant, engine.infer(0)) == (None, "full")
    (event,) = engine.observability.events("operator.v1")
    assert isinstance(event, OperatorAction)
    assert (event.action, event.variant) == ("pin_ended", "tiny")
    assert event.why == "the family has no such variant any more"


def test_each_order_is_an_event_and_counted(bench: Any) -> None:
    engine = bench.running(50)
    engine.freeze()
    engine.unpin()
    engine.pin("medium")
    assert actions(engine) == [("freeze", "medium"), ("unpin", None), ("pin", "medium")]
    assert engine.status().counters["operator_actions"] == 3
    assert bench.started.empty()


def test_an_unknown_variant_gets_the_nearest_one_and_changes_nothing(bench: Any) -> None:
    engine = bench.running(50)
    with pytest.raises(ValueError, match="has no variant `mediun`; did you mean `medium`"):
        engine.pin("mediun")
    assert actions(engine) == []


def test_who_and_why_are_texts(bench: Any) -> None:
    with pytest.raises(TypeError, match="`why` is a text"):
        bench.running(50).freeze(why=7)


def test_an_engine_that_does_not_run_takes_no_orders(bench: Any) -> None:
    engine = bench.engine(50)
    for order in (engine.unpin, engine.freeze, lambda: engine.pin("full")):
        with pytest.raises(NotServing, match="call `start"):
            order()


def test_an_order_waits_in_bounded_time_for_a_callback_that_hangs(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edgeadapt.engine.engine.DEFAULT_STOP_S", 0.05)
    hold, held = threading.Event(), threading.Event()

    def complete(before: str, after: str) -> None:
        held.set()
        hold.wait(PATIENCE_S)

    engine = bench.running(50, 10, on_swap_complete=complete)
    bench.poll(engine)
    assert held.wait(PATIENCE_S)
    with pytest.raises(TimeoutError, match="will be later"):
        engine.freeze()
    hold.set()
    bench.poll(engine)
    assert engine.status().pinned_variant == "tiny"
