from __future__ import annotations

import urllib.request
from typing import Any

import pytest

from edgeadapt.observability import (
    COUNTERS,
    EngineStarted,
    EngineStopped,
    ObservabilityCollector,
    ProfileTick,
    SwapStage,
)
from edgeadapt.observability.sinks.prometheus import PrometheusSink
from edgeadapt.state import DeviceState

client = pytest.importorskip("prometheus_client", reason="needs edgeadapt[prometheus]")


@pytest.fixture
def registry() -> Any:
    return client.CollectorRegistry()


def test_every_counter_is_read_when_it_is_asked_for(registry: Any) -> None:
    collector = ObservabilityCollector(sinks=[PrometheusSink(registry)])
    collector.count("swaps_attempted", 3)
    assert registry.get_sample_value("edgeadapt_swaps_attempted_total") == 3
    collector.count("swaps_attempted")
    assert registry.get_sample_value("edgeadapt_swaps_attempted_total") == 4
    for name in COUNTERS:
        assert registry.get_sample_value(f"edgeadapt_{name}_total") is not None


def test_the_variant_that_serves_is_one_and_no_other_is_there(registry: Any) -> None:
    collector = ObservabilityCollector(sinks=[PrometheusSink(registry)])

    def serving() -> list[str]:
        assert collector.flush()
        (family,) = (it for it in registry.collect() if it.name == "edgeadapt_active_variant")
        return [sample.labels["variant"] for sample in family.samples]

    assert serving() == []
    collector.record(EngineStarted(0.0, "medium"))
    assert serving() == ["medium"]
    collector.record(SwapStage(1.0, "SWAP_COMMITTED", "tiny", "medium", load_time_s=0.25))
    assert serving() == ["tiny"]
    collector.record(SwapStage(2.0, "SWAP_LOAD_FAILED", "full", "tiny"))
    assert serving() == ["tiny"]
    collector.record(SwapStage(3.0, "SWAP_ROLLED_BACK", "medium", "tiny"))
    assert serving() == ["medium"]
    collector.record(EngineStopped(4.0))
    assert serving() == []
    loads = {"variant": "tiny"}
    assert registry.get_sample_value("edgeadapt_load_seconds_count", loads) == 1
    assert registry.get_sample_value("edgeadapt_load_seconds_sum", loads) == 0.25


def test_signals_are_in_the_languages_units_and_an_unknown_one_is_left_out(registry: Any) -> None:
    collector = ObservabilityCollector(sinks=[PrometheusSink(registry)])
    state = DeviceState(50.0, True, 40.0, 1000.0, 10.0, None, "good", 1.0)
    collector.record(ProfileTick(1.0, state))
    assert collector.flush()

    def signal(name: str) -> float | None:
        value: float | None = registry.get_sample_value("edgeadapt_signal", {"signal": name})
        return value

    assert signal("battery") == state.value("battery")
    assert signal("charging") == 1
    assert signal("network") == 3
    assert signal("gpu") is None


def test_a_scrape_over_http_has_it_all(registry: Any) -> None:
    collector = ObservabilityCollector(sinks=[PrometheusSink(registry, prefix="camera")])
    collector.record(EngineStarted(0.0, "medium"))
    assert collector.flush()
    server, thread = client.start_http_server(0, addr="127.0.0.1", registry=registry)
    try:
        address = f"http://127.0.0.1:{server.server_port}/metrics"
        with urllib.request.urlopen(address, timeout=20) as answer:
            text = answer.read().decode()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert 'camera_active_variant{variant="medium"} 1.0' in text.splitlines()
    assert "# HELP camera_policy_evals_total steps of the policy" in text.splitlines()


def test_a_closed_sink_is_out_of_the_registry_and_its_names_are_free() -> None:
    registry = client.CollectorRegistry(auto_describe=True)
    collector = ObservabilityCollector(sinks=[PrometheusSink(registry)])
    with pytest.raises(ValueError, match="Duplicated"):
        PrometheusSink(registry)
    assert collector.close()
    assert list(registry.collect()) == []
    PrometheusSink(registry)
