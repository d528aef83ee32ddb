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
    GapEnded,
    NativeFallback,
    OperatorAction,
    ProfileTick,
    SwapRefused,
    SwapStage,
)
from edgeadapt.observability.outcomes import OUTCOMES, Outcome

__all__ = [
    "COUNTERS",
    "OUTCOMES",
    "AvailabilityChanged",
    "DecisionChanged",
    "EngineStarted",
    "EngineStopped",
    "Event",
    "Failure",
    "Fallback",
    "GapEnded",
    "NativeFallback",
    "ObservabilityCollector",
    "OperatorAction",
    "Outcome",
    "ProfileTick",
    "SwapRefused",
    "SwapStage",
]
