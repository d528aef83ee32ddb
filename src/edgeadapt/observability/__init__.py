"""What happened, as typed events in bounded rings, and how often, as counters."""

from edgeadapt.observability.collector import ObservabilityCollector
from edgeadapt.observability.counters import COUNTERS
from edgeadapt.observability.events import (
    AvailabilityChanged,
    DecisionChanged,
    EngineStarted,
    EngineStopped,
    Event,
    Failure,
    Fallback,
    ProfileTick,
    SwapRefused,
    SwapStage,
)

__all__ = [
    "COUNTERS",
    "AvailabilityChanged",
    "DecisionChanged",
    "EngineStarted",
    "EngineStopped",
    "Event",
    "Failure",
    "Fallback",
    "ObservabilityCollector",
    "ProfileTick",
    "SwapRefused",
    "SwapStage",
]
