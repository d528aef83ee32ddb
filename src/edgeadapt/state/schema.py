"""The signal schema, derived from the metadata of `DeviceState`; everything that lists signals starts here."""

from __future__ import annotations

from edgeadapt.state.device_state import DeviceState
from edgeadapt.state.signal import Signal, signal_table

SIGNALS: dict[str, Signal] = signal_table(DeviceState)
NETWORK_WORDS: tuple[str, ...] = SIGNALS["network"].words
