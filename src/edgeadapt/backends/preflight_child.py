"""The process that tries a model: `main` loads and warms one, and says how it went, unless the model ends the process.

It reads one JSON object from its standard input, and writes one to its standard output.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from edgeadapt.errors import ActivationError
from edgeadapt.registry.variant import ModelVariant, SessionOptions


def main() -> None:
    """Try the model that standard input names."""
    # The runtime may print; only the verdict goes to where the parent reads it.
    verdict = os.dup(1)
    os.dup2(2, 1)
    _leave_no_core()
    answer = try_model(json.load(sys.stdin))
    with os.fdopen(verdict, "w", encoding="utf-8") as out:
        json.dump(answer, out)
    sys.stdout.flush()
    # Nothing of the runtime's end matters any more, and it takes its time.
    os._exit(0)


def try_model(task: dict[str, Any]) -> dict[str, str]:
    """Load and warm a model, and return the stage and reason of its failure; both are empty when it works."""
    from edgeadapt.backends.onnx_backend import ONNXBackend
    from edgeadapt.backends.warm_up import warm_up

    variant = ModelVariant(task["name"], task["path"], session=SessionOptions(**task["session"]))
    try:
        backend = ONNXBackend(variant, standby=task["standby"])
        backend.load()
        warm_up(variant.name, backend)
    except ActivationError as error:
        return {"stage": error.stage, "reason": error.reason}
    return {"stage": "", "reason": ""}


def _leave_no_core() -> None:
    try:
        import resource
    except ImportError:  # there are none on Windows
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
