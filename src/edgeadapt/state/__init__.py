"""The device's state as a value, and the signal schema that its attribute metadata declares."""

from edgeadapt.state.device_state import DeviceState
from edgeadapt.state.schema import NETWORK_WORDS, SIGNALS
from edgeadapt.state.signal import Signal, SignalKind

__all__ = ["NETWORK_WORDS", "SIGNALS", "DeviceState", "Signal", "SignalKind"]
