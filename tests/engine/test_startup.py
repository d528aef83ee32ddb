from __future__ import annotations

from typing import Any

import pytest

from edgeadapt.engine.availability import Refusal
from edgeadapt.engine.startup import start_order
from edgeadapt.errors import ActivationError
from edgeadapt.observability import EngineStarted, Event, ObservabilityCollector
from edgeadapt.profiler.recorded import RecordedProfiler
from edgeadapt.registry import ModelFamily
from edgeadapt.state import DeviceState

PATIENCE_S = 20.0
BROKEN = OSError("the file is cut off")


def battery(percent: float, at_s: float) -> DeviceState:
    return DeviceState(percent, False, 40.0, 1000.0, 10.0, None, None, at_s)


def test_the_initial_variant_serves_first_whatever_the_policy_wants(bench: Any) -> None:
    engine = bench.running(10, initial_variant="full")
    assert engine.active_variant == "full"
    assert bench.poll(engine).target == "tiny"
    assert bench.swapped() == ("full", "tiny")


def test_where_the_initial_variant_fails_the_policys_choice_serves(bench: Any) -> None:
    bench.loader.script("full", load_error=BROKEN)
    engine = bench.running(50, initial_variant="full")
    assert engine.active_variant == "medium"
    variant, error = bench.fell_back()
    assert variant == "full"
    assert "cut off" in str(error)


def test_where_both_fail_the_smallest_one_left_serves(bench: Any) -> None:
    bench.loader.script("full", load_error=BROKEN)
    bench.loader.script("medium", load_error=BROKEN)
    engine = bench.running(50, initial_variant="full")
    assert engine.active_variant == "tiny"
    assert [bench.fell_back()[0], bench.fell_back()[0]] == ["full", "medium"]
    assert engine.status().counters["start_failures"] == 2
    assert set(engine.status().unavailable) == set()
    bench.poll(engine)
    assert set(engine.status().unavailable) == {"full", "medium"}


def test_a_start_is_no_swap(bench: Any) -> None:
    engine = bench.running(50)
    counters = engine.status().counters
    assert {name: count for name, count in counters.items() if name.startswith("swaps") and count} == {}
    assert engine.last_swap_reason == ""
    assert bench.started.empty()


def test_where_nothing_can_serve_the_error_lists_every_failure(bench: Any) -> None:
    for name in bench.family.names:
        bench.loader.script(name, load_error=OSError(f"{name} is cut off"))
    engine = bench.engine(50)
    with pytest.raises(ActivationError) as raised:
        engine.start()
    assert raised.value.variant == "medium"
    for name in bench.family.names:
        assert f"{name} is cut off" in str(raised.value)
    assert not engine.status().running


def test_after_a_start_that_failed_the_next_one_may_work(bench: Any) -> None:
    for name in bench.family.names:
        bench.loader.script(name, load_error=BROKEN)
    engine = bench.engine(50)
    with pytest.raises(ActivationError):
        engine.start()
    for name in bench.family.names:
        bench.loader.script(name)
    engine.start()
    assert engine.infer(0) == "tiny"


def test_a_variant_that_the_gate_refuses_is_not_tried(bench: Any) -> None:
    engine = bench.running(50, can_activate_variant=lambda variant: variant.name != "medium")
    assert engine.active_variant == "tiny"
    assert [backend.variant for backend in bench.loader.made] == ["tiny"]


def test_where_the_gate_refuses_all_the_error_says_why(bench: Any) -> None:
    engine = bench.engine(50, can_activate_variant=lambda variant: f"no driver for {variant.name}")
    with pytest.raises(
        ActivationError, match=r"no driver for full.*no driver for medium.*no driver for tiny"
    ):
        engine.start()


def test_a_profiler_that_fails_at_the_start_leaves_the_smallest_one_to_serve(bench: Any) -> None:
    class Failing(type(bench.recording(50))):  # type: ignore[misc]  # the class is the fixture's
        def snapshot(self) -> Any:
            raise OSError("no such sensor")

    engine = bench.running(profiler=Failing([bench.recording(50).trace.rows[0]]))
    assert engine.active_variant == "tiny"
    assert engine.status().counters["profile_errors"] == 1


def a_family(**memory_mb: float | None) -> ModelFamily:
    from edgeadapt.registry import VariantMetadata

    family = ModelFamily("f")
    for name, value in memory_mb.items():
        family.add_variant(name, f"{name}.onnx", metadata=VariantMetadata(memory_footprint_mb=value))
    return family


def test_the_order_is_the_wanted_ones_then_the_rest_by_memory_unknown_last() -> None:
    family = a_family(big=300.0, odd=None, small=10.0, middle=50.0)
    assert start_order(family, ["middle", None, "middle"], {}) == ("middle", "small", "big", "odd")


def test_a_variant_in_quarantine_is_tried_last_and_a_refused_one_never() -> None:
    family = a_family(big=300.0, small=10.0, middle=50.0)
    refusals = {
        "small": Refusal("SWAP_SKIPPED_QUARANTINE", "failed", False),
        "middle": Refusal("SWAP_SKIPPED_CAPABILITY", "no driver", True),
    }
    assert start_order(family, ["small"], refusals) == ("big", "small")


class MuteError(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")


def test_an_error_that_fails_to_tell_its_text_is_told_by_its_type(bench: Any) -> None:
    bench.loader.script("full", load_error=MuteError())
    engine = bench.running(90, initial_variant="full")
    assert bench.fell_back()[0] == "full"
    assert engine.infer(0) == "tiny"


def test_a_profiler_that_counts_as_nothing_is_used_all_the_same(bench: Any) -> None:
    class Empty(RecordedProfiler):
        def __len__(self) -> int:
            return 0

    engine = bench.running(profiler=Empty([battery(10, 0.0)]))
    assert engine.active_variant == "tiny"


def test_a_start_that_fails_after_the_load_leaves_nothing_behind(bench: Any) -> None:
    class Full(ObservabilityCollector):
        def record(self, event: Event) -> None:
            if isinstance(event, EngineStarted):
                raise OSError("no room for it")
            super().record(event)

    engine = bench.engine(50, observability=Full())
    with pytest.raises(OSError, match="no room"):
        engine.start()
    assert bench.loader.last("medium").unloaded.wait(PATIENCE_S)
    assert not engine.status().running
