from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from edgeadapt.observability import (
    COUNTERS,
    DecisionChanged,
    Event,
    Failure,
    ObservabilityCollector,
    ProfileTick,
    Sink,
    SwapStage,
)
from edgeadapt.state import DeviceState


def a_state(timestamp: float = 1.0) -> DeviceState:
    return DeviceState(50.0, False, 40.0, 1000.0, 10.0, None, "good", timestamp)


def test_every_counter_starts_at_zero() -> None:
    assert ObservabilityCollector().counters() == dict.fromkeys(COUNTERS, 0)


def test_a_counter_that_is_not_listed_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(KeyError, match="did you mean `profile_ticks`"):
        ObservabilityCollector().count("profile_tick")


def test_events_of_different_kinds_come_back_in_the_order_they_were_recorded() -> None:
    collector = ObservabilityCollector()
    first, second = Failure(1.0, "profiler", "no"), ProfileTick(2.0, a_state())
    third = Failure(3.0, "profiler", "no")
    for event in (first, second, third):
        collector.record(event)
    assert collector.events() == (first, second, third)
    assert collector.events("failure.v1") == (first, third)


def test_a_flood_of_one_kind_never_pushes_out_another() -> None:
    collector = ObservabilityCollector(capacity=3)
    swap = SwapStage(0.0, "SWAP_COMMITTED", "tiny", "full")
    collector.record(swap)
    for second in range(10):
        collector.record(ProfileTick(float(second), a_state()))
    assert [event.at_s for event in collector.events("profile_tick.v1")] == [7.0, 8.0, 9.0]
    assert collector.events()[0] == swap


def test_a_snapshot_is_plain_data_that_json_holds() -> None:
    collector = ObservabilityCollector()
    collector.record(ProfileTick(1.0, a_state()))
    collector.record(DecisionChanged(1.0, "tiny", None, "otherwise", "ADOPTED"))
    collector.count("policy_evals", 2)
    read = json.loads(json.dumps(collector.snapshot()))
    assert read["counters"]["policy_evals"] == 2
    assert [event["kind"] for event in read["events"]] == ["profile_tick.v1", "decision_changed.v1"]
    assert read["events"][0]["state"]["battery_pct"] == 50.0


def test_threads_that_count_at_once_lose_nothing() -> None:
    collector = ObservabilityCollector()
    together = threading.Barrier(4)

    def count() -> None:
        together.wait(10)
        for _ in range(2000):
            collector.count("profile_ticks")

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert collector.counters()["profile_ticks"] == 8000


def test_a_capacity_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        ObservabilityCollector(0)


class Heard(Sink):
    def __init__(self) -> None:
        self.events: list[Event] = []
        self.counters: Any = None
        self.closed = threading.Event()

    def attach(self, counters: Any) -> None:
        self.counters = counters

    def take(self, event: Event) -> None:
        self.events.append(event)

    def close(self) -> None:
        self.closed.set()


def test_sinks_get_what_is_recorded_and_what_is_passed_on_and_only_the_first_is_kept() -> None:
    heard = Heard()
    collector = ObservabilityCollector(sinks=[heard])
    assert collector.has_sinks
    assert collector.sinks == (heard,)
    collector.record(Failure(1.0, "profiler", "no"))
    collector.pass_on(Failure(2.0, "profiler", "no"))
    assert collector.flush()
    assert [event.at_s for event in heard.events] == [1.0, 2.0]
    assert [event.at_s for event in collector.events()] == [1.0]
    assert collector.close()
    assert heard.closed.is_set()


def test_a_sink_reads_the_counters_and_counts_its_errors_there() -> None:
    class Failing(Heard):
        def take(self, event: Event) -> None:
            raise OSError("full")

    heard = Failing()
    collector = ObservabilityCollector(sinks=[heard])
    collector.record(Failure(1.0, "profiler", "no"))
    assert collector.flush()
    assert heard.counters()["sink_errors"] == 1


def test_a_collector_that_nobody_holds_ends_its_sinks() -> None:
    heard = Heard()
    collector = ObservabilityCollector(sinks=[heard])
    collector.record(Failure(1.0, "profiler", "no"))
    del collector
    assert heard.closed.wait(20.0)
    assert [event.at_s for event in heard.events] == [1.0]
    assert heard.counters() == {}


def test_what_is_no_sink_is_refused() -> None:
    with pytest.raises(TypeError, match="a sink is a Sink, not `list`"):
        ObservabilityCollector(sinks=[[]])  # type: ignore[list-item] # that is what is refused
