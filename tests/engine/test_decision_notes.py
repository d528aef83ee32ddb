from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from edgeadapt.observability import Event, ObservabilityCollector, Sink
from edgeadapt.observability.sinks.decision_log import DecisionLog

PATIENCE_S = 20.0


class Hanging(Sink):
    def __init__(self) -> None:
        self.gate = threading.Event()

    def take(self, event: Event) -> None:
        self.gate.wait(PATIENCE_S)


def kinds(path: Path) -> list[str]:
    return [json.loads(line).get("kind", "") for line in path.read_text().splitlines()]


def test_when_the_engine_has_stopped_the_whole_run_is_in_the_log(bench: Any, tmp_path: Path) -> None:
    log = tmp_path / "d.jsonl"
    engine = bench.running(50, 10, observability=ObservabilityCollector(sinks=[DecisionLog(log)]))
    bench.poll(engine)
    bench.swapped()
    engine.stop()
    written = kinds(log)
    assert engine.observability.close()
    assert written[:3] == ["", "policy_memory.v1", "policy_step.v1"]
    assert written.count("policy_step.v1") == 2
    assert written.count("policy_committed.v1") == 2
    assert written[-1] == "engine_stopped.v1"


def test_steps_are_for_sinks_alone_and_not_kept(bench: Any, tmp_path: Path) -> None:
    collector = ObservabilityCollector(sinks=[DecisionLog(tmp_path / "d.jsonl")])
    engine = bench.running(50, observability=collector)
    bench.poll(engine)
    assert collector.events("policy_step.v1") == ()
    assert collector.close()


def test_a_sink_that_hangs_delays_neither_swaps_nor_answers_and_a_stop_is_bounded(bench: Any) -> None:
    hanging = Hanging()
    engine = bench.running(50, 10, observability=ObservabilityCollector(sinks=[hanging]))
    bench.poll(engine)
    assert bench.swapped() == ("medium", "tiny")
    engine.infer("x")
    engine.stop(0.2)
    assert engine.active_variant is None
    hanging.gate.set()
    assert engine.observability.close()


def test_a_level_that_is_none_is_recorded_and_the_engine_starts(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGEADAPT_LOG", "loud")
    engine = bench.running(50)
    (failure,) = engine.observability.events("failure.v1")
    assert failure.what == "log"
    assert "not `loud`" in failure.error
