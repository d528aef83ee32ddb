"""Which variants an installed backend can serve: what an engine's gate is unless it is given one.

It only looks whether a runtime is installed; whether a model loads is for the load to find out.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable

from edgeadapt.backends.shipped_backends import BACKENDS, NOT_SHIPPED, ShippedBackend
from edgeadapt.registry.variant import ModelVariant
from edgeadapt.wording import did_you_mean, shown

_OWN_LOADER = "make it in a function of yours: `Engine(loader=…)`"


def missing_backend(tag: str) -> str:
    """Say why no backend serves variants of this `backend:` here, and what to do; empty where one does."""
    shipped = BACKENDS.get(tag)
    if shipped is None:
        if tag in NOT_SHIPPED:
            return f"EdgeAdapt ships no backend {shown(tag)}; {_OWN_LOADER}"
        return f"there is no backend {shown(tag)}; {did_you_mean(tag, BACKENDS)}"
    if _is_there(shipped):
        return ""
    return f"backend `{tag}` needs `{shipped.module}`, which is not installed; install it: {shipped.install}"


def installed_backends() -> Callable[[ModelVariant], bool | str]:
    """Return a gate for `Engine(can_activate_variant=)`: True for what an installed backend can serve, else why not.

    It is asked at every poll, so it looks once for each backend.
    """
    found: dict[str, bool | str] = {}

    def can_activate(variant: ModelVariant) -> bool | str:
        answer = found.get(variant.backend)
        if answer is None:
            answer = found[variant.backend] = missing_backend(variant.backend) or True
        return answer

    return can_activate


def _is_there(shipped: ShippedBackend) -> bool:
    if shipped.library_variable and os.environ.get(shipped.library_variable):
        return True
    try:
        return importlib.util.find_spec(shipped.module) is not None
    except (ImportError, ValueError):
        # Of a module that is half imported, or stands in for the real one.
        return sys.modules.get(shipped.module) is not None
