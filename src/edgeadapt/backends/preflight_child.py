"""The process that tries a model: `main` does what its host will do before it serves, and says how that went.

It reads one JSON object from its standard input, and writes one to its standard output, unless the model ends it. It
never outlives the host that asked, nor its time.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from edgeadapt.backends.rehearsal import Rehearsal
from edgeadapt.errors import ActivationError
from edgeadapt.registry.family import ModelFamily
from edgeadapt.registry.variant import SessionOptions

_PR_SET_PDEATHSIG = 1
# The host ends it in time; this is for a host that can't any more.
_GRACE_S = 1.0


def main() -> None:
    """Try the model that standard input names."""
    answer_with(try_model)


def answer_with(tried: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Give `tried` the task from standard input, write its answer to standard output, and end this process.

    A task's `host` is the process that waits for the answer, `timeout_s` how long it does.
    """
    end_with_the_host()
    # The runtime may print; only the verdict goes to where the parent reads it.
    verdict = os.dup(1)
    os.dup2(2, 1)
    leave_no_core()
    task = json.load(sys.stdin)
    end_without(task["host"])
    end_after(task["timeout_s"] + _GRACE_S)
    answer = tried(task)
    with os.fdopen(verdict, "w", encoding="utf-8") as out:
        json.dump(answer, out)
    sys.stdout.flush()
    # Nothing of the runtime's end matters any more, and it takes its time.
    os._exit(0)


def try_model(task: dict[str, Any]) -> dict[str, str]:
    """Load, warm and validate a model, and return the stage and reason of its failure; both are empty when it works."""
    from edgeadapt.backends.onnx_backend import ONNXBackend
    from edgeadapt.backends.preparation import Preparation

    wanted = Rehearsal.of_data(task["rehearsal"])
    family = ModelFamily("preflight", contract=wanted.contract)
    session = SessionOptions(**task["session"])
    variant = family.add_variant(
        task["name"], task["path"], session=session, golden=wanted.golden, adapter=wanted.adapter
    )
    try:
        backend = ONNXBackend(variant, standby=task["standby"])
        backend.load()
        checks = Preparation(family, contract_from=wanted.contract_from)
        checks.warm(variant.name, backend)
        checks.validate(variant.name, backend)
    except ActivationError as error:
        return {"stage": error.stage, "reason": error.reason}
    return {"stage": "", "reason": ""}


def end_after(seconds: float) -> None:
    """End this process by a signal after a time, whatever it does then; does nothing on Windows."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)


def end_with_the_host() -> None:
    """Have the system end this process when the thread that started it ends; only Linux can."""
    if sys.platform != "linux":
        return
    try:
        import ctypes
    except ImportError:  # a Python may be built without it
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def end_without(host: int) -> None:
    """End this process where its host ended before the system was asked."""
    if sys.platform != "linux":
        return
    try:
        os.kill(host, 0)
    except ProcessLookupError:
        os._exit(1)


def leave_no_core() -> None:
    """Keep the system from writing a core file where this process crashes; does nothing on Windows."""
    try:
        import resource
    except ImportError:  # there are none on Windows
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
