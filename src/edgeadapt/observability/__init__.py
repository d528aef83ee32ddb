"""What happened, as typed events in bounded rings and to sinks, and how often, as counters."""

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
    PropertyViolated,
    Reloaded,
    ShadowDiffered,
    SwapRefused,
    SwapStage,
)
from edgeadapt.observability.outcomes import OUTCOMES, Outcome
from edgeadapt.observability.policy_events import PolicyCommitted, PolicyMemory, PolicyStep
from edgeadapt.observability.sink import Sink

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
    "PolicyCommitted",
    "PolicyMemory",
    "PolicyStep",
    "ProfileTick",
    "PropertyViolated",
    "Reloaded",
    "ShadowDiffered",
    "Sink",
    "SwapRefused",
    "SwapStage",
]
