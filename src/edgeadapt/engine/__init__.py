"""The control loop that joins profiler, policy and swapper, and the engine that a host holds."""

from edgeadapt.engine.engine import Engine
from edgeadapt.engine.lease import EngineLease
from edgeadapt.engine.status import EngineStatus, InferenceResult

__all__ = ["Engine", "EngineLease", "EngineStatus", "InferenceResult"]
