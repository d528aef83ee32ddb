"""The signal schema is the language reference's table, in its order."""

from __future__ import annotations

import attrs

from edgeadapt.state import NETWORK_WORDS, SIGNALS, DeviceState, SignalKind
from edgeadapt.units import Dimension

ORDER = """battery charging temperature memory_available cpu gpu network battery_time_left throttled memory_total
memory_pressure cpu_pressure cpu_frequency power_draw low_power_mode inference_latency inference_rate"""


def test_every_signal_of_the_language_is_there_in_the_order_of_the_attributes() -> None:
    assert list(SIGNALS) == ORDER.split()


def test_every_attribute_but_the_time_and_the_clamped_names_is_a_signal() -> None:
    declared = {signal.attribute for signal in SIGNALS.values()}
    assert {field.name for field in attrs.fields(DeviceState)} - declared == {"timestamp", "clamped"}


def test_only_memory_and_cpu_are_always_there() -> None:
    assert [name for name, signal in SIGNALS.items() if not signal.optional] == ["memory_available", "cpu"]


def test_network_words_are_ordered_from_worst_to_best() -> None:
    assert NETWORK_WORDS == ("offline", "poor", "fair", "good", "excellent")
    assert SIGNALS["network"].ordered


def test_ranges_are_canonical() -> None:
    assert (SIGNALS["temperature"].low, SIGNALS["temperature"].high) == (-40.0, 150.0)
    assert SIGNALS["battery_time_left"].high == 30 * 24 * 3600 * 1000.0
    assert SIGNALS["inference_rate"].high == 1.0
    assert SIGNALS["cpu_frequency"].dimension is Dimension.FREQUENCY


def test_every_signal_is_documented_and_complete() -> None:
    for signal in SIGNALS.values():
        assert signal.doc
        assert (
            (signal.kind is SignalKind.NUMERIC) == (signal.dimension is not None) == (signal.low is not None)
        )
        assert (signal.kind is SignalKind.WORD) == bool(signal.words)
