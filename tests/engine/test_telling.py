"""What an engine tells of itself besides its swaps: gaps, calls without an answer, what waits and for what."""

from __future__ import annotations

import logging
import threading
from typing import Any

import pytest

from edgeadapt.engine.variant_files import files_of
from edgeadapt.errors import InferenceTimeout, NotServing
from edgeadapt.observability import Failure, GapEnded
from edgeadapt.registry import ModelFamily, VariantMetadata
from edgeadapt.registry.activation import ActivationRules, Probation
from tests.backends.onnx_models import doubling

PATIENCE_S = 20.0


def in_a_gap(bench: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An engine whose swap to `tiny` makes a gap, which lasts while the load is held up."""
    available_mb = [1000.0]
    monkeypatch.setattr("edgeadapt.engine.launch.available_memory_mb", lambda: available_mb[0])
    bench.family = ModelFamily("digits", activation=ActivationRules(gap="allowed", gap_timeout_s=1e-3))
    for name in ("full", "medium", "tiny"):
        bench.family.add_variant(name, f"{name}.onnx", metadata=VariantMetadata(memory_footprint_mb=10.0))
    engine = bench.running(50, 10, 10)
    available_mb[0] = 9.0
    bench.poll(engine)
    bench.loading("tiny")
    return engine


def test_a_gap_is_an_event_at_both_ends_and_who_was_refused_in_it_is_counted(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    bench.loader.script("tiny", gate=gate)
    engine = in_a_gap(bench, monkeypatch)
    status = engine.status()
    assert (status.in_gap, status.active_variant, status.stage) == (True, None, "loading")
    with pytest.raises(NotServing, match="in a gap"):
        engine.infer(0)
    gate.set()
    assert bench.swapped() == ("medium", "tiny")
    engine.stop()
    events = engine.observability.events()
    codes = [event.as_dict().get("code") for event in events]
    ended = [event for event in events if isinstance(event, GapEnded)]
    assert codes.index("SWAP_GAP_BEGAN") < codes.index("SWAP_COMMITTED")
    assert [event.variant for event in ended] == ["tiny"]
    counters = engine.status().counters
    assert (counters["gaps"], counters["inferences_unserved"]) == (1, 1)


def test_an_inference_that_took_too_long_is_counted(bench: Any) -> None:
    gate = threading.Event()
    bench.loader.script("medium", on_infer=lambda _: gate.wait(PATIENCE_S))
    engine = bench.running(50)
    for call in (engine.infer, engine.infer_detailed):
        with pytest.raises(InferenceTimeout):
            call(0, 0)
    gate.set()
    assert engine.status().counters["inference_timeouts"] == 2


def test_a_lease_that_holds_up_a_load_shows_in_the_status(bench: Any) -> None:
    bench.rules(probation=Probation(inferences=5, seconds=3600.0, errors=0))
    engine = bench.running(50, 10, 90, 50)
    with engine.lease():
        bench.poll(engine)
        bench.swapped()
        status = engine.status()
        assert status.probation is not None
        assert (status.probation["variant"], status.probation["errors"]) == ("tiny", 0)
        assert (status.resident, status.waiting_for_room) == (2, False)
        with engine.lease():
            bench.poll(engine)
            bench.swapped()
            bench.poll(engine)
            status = engine.status()
            assert (status.resident, status.waiting_for_room, status.pending_variant) == (3, True, "medium")
            assert status.oldest_lease_age_s is not None
            assert 0.0 < status.oldest_lease_age_s < PATIENCE_S


def test_a_backend_that_fails_to_unload_is_an_event_and_counted(bench: Any) -> None:
    bench.loader.script("medium", unload_error=OSError("the device is gone"))
    engine = bench.running(50, 10, 10)
    bench.poll(engine)
    bench.swapped()
    assert bench.loader.last("medium").unloaded.wait(PATIENCE_S)
    engine.stop()
    assert engine.status().counters["unload_errors"] == 1
    failures = [event for event in engine.observability.events() if isinstance(event, Failure)]
    assert [(event.what, event.error) for event in failures] == [("unload", "OSError: the device is gone")]


def test_requests_that_joined_are_counted(bench: Any) -> None:
    engine = bench.running(50)
    assert engine.preload("medium").wait(PATIENCE_S).code == "SWAP_PRELOADED"
    engine.stop()
    assert engine.status().counters["swaps_joined"] == 1


def test_a_model_that_does_not_load_is_told_in_one_line_and_a_bug_with_its_traceback(
    bench: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(state: Any, family: Any) -> str:
        raise ZeroDivisionError("a bug")

    bench.loader.script("full", load_error=OSError("the file is cut off"))
    with caplog.at_level(logging.INFO, "edgeadapt.engine"):
        bench.running(policy=fails, initial_variant="full")
    traced = {record.getMessage(): record.exc_info is not None for record in caplog.records}
    assert traced["policy failed: a bug"]
    assert not traced["start failed: variant `full` failed while loading: OSError: the file is cut off"]


def test_a_variants_files_are_its_model_its_golden_answers_and_its_weights(tmp_path: Any) -> None:
    family = ModelFamily("digits")
    family.add_variant("tiny", str(doubling(tmp_path / "tiny.onnx")))
    assert files_of(family, "tiny") == (str(tmp_path / "tiny.onnx"),)
    assert files_of(family, "lost") == ()
