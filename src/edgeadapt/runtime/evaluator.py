"""Which evaluator runs a program: the native one, or the reference where it is asked for or the only one that can."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from edgeadapt.program.program import Program
from edgeadapt.registry.family import ModelFamily
from edgeadapt.runtime.lowering import UnloweredError
from edgeadapt.runtime.native import NativeSession
from edgeadapt.runtime.session import Session
from edgeadapt.wording import shown

EVALUATOR_VARIABLE = "EDGEADAPT_EVALUATOR"
_EVALUATORS = ("native", "reference")


def open_session(
    program: Program,
    family: ModelFamily,
    *,
    auto_commit: bool = True,
    snapshot: Mapping[str, Any] | None = None,
    elapsed_s: float = 0.0,
) -> Session | NativeSession:
    """Return a session of the native evaluator, or with EDGEADAPT_EVALUATOR=reference of the reference.

    The two decide the same, bit for bit; see `Session` for the arguments. Raises ValueError for another value.
    """
    wanted = os.environ.get(EVALUATOR_VARIABLE) or "native"
    if wanted not in _EVALUATORS:
        raise ValueError(f"{EVALUATOR_VARIABLE} is one of {', '.join(_EVALUATORS)}, not {shown(wanted)}")
    arguments: dict[str, Any] = {"auto_commit": auto_commit, "snapshot": snapshot, "elapsed_s": elapsed_s}
    if wanted == "native":
        try:
            return NativeSession(program, family, **arguments)
        except UnloweredError:
            return Session(program, family, **arguments)
    return Session(program, family, **arguments)
