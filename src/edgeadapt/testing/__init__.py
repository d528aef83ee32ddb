"""Hypothesis strategies for devices, traces, families and policies, and a search for what breaks a policy's properties.

Names are imported when they are first used: the pytest plugin lives in this package too, and must cost nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from edgeadapt.testing.families import families as families
    from edgeadapt.testing.policies import DrawnPolicy as DrawnPolicy
    from edgeadapt.testing.policies import policies as policies
    from edgeadapt.testing.search import PropertyBroken as PropertyBroken
    from edgeadapt.testing.search import Violation as Violation
    from edgeadapt.testing.search import check_policy as check_policy
    from edgeadapt.testing.search import find_violations as find_violations
    from edgeadapt.testing.states import device_states as device_states
    from edgeadapt.testing.traces import traces as traces

_MODULE_OF = {
    "DrawnPolicy": "policies",
    "PropertyBroken": "search",
    "Violation": "search",
    "check_policy": "search",
    "device_states": "states",
    "families": "families",
    "find_violations": "search",
    "policies": "policies",
    "traces": "traces",
}

__all__ = [
    "DrawnPolicy",
    "PropertyBroken",
    "Violation",
    "check_policy",
    "device_states",
    "families",
    "find_violations",
    "policies",
    "traces",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'edgeadapt.testing' has no attribute {name!r}")
    from edgeadapt.testing.missing import need_hypothesis

    need_hypothesis()
    value = getattr(import_module(f"edgeadapt.testing.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value
