"""The control loop that joins profiler, policy and swapper, and the engine that a host holds.

Its names are imported when they are first used: who only asks a running engine over its socket needs none of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from edgeadapt.engine.engine import Engine
    from edgeadapt.engine.lease import EngineLease
    from edgeadapt.engine.reload import Reload
    from edgeadapt.engine.shadow import ShadowStatus
    from edgeadapt.engine.status import EngineStatus, InferenceResult

_MODULE_OF = {
    "Engine": "engine",
    "EngineLease": "lease",
    "EngineStatus": "status",
    "InferenceResult": "status",
    "Reload": "reload",
    "ShadowStatus": "shadow",
}

__all__ = ["Engine", "EngineLease", "EngineStatus", "InferenceResult", "Reload", "ShadowStatus"]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'edgeadapt.engine' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"edgeadapt.engine.{_MODULE_OF[name]}"), name)
    return value
