"""What the installed ONNX Runtime is: asked in a process of its own, for an import may end the process it is made in."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from typing import Any

from edgeadapt.child_python import python_command
from edgeadapt.wording import in_words

_TIMEOUT_S = 60.0
_QUESTION = """
import json, sys
import onnxruntime
answer = {
    "version": onnxruntime.__version__,
    "module": onnxruntime.__file__,
    "providers": onnxruntime.get_available_providers(),
}
sys.stdout.write("\\n" + json.dumps(answer) + "\\n")
"""


def probe_onnxruntime(python: str | None = None, question: str = _QUESTION) -> dict[str, Any]:
    """Return `version`, `module`, `providers` and `error`, which says in one line why the others are None or empty."""
    nothing: dict[str, Any] = {"version": None, "module": None, "providers": []}
    try:
        ran = subprocess.run(
            python_command(question, python),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=_TIMEOUT_S,
            # As `edgeadapt.backends.onnx_support` has it, which needs the native core; the host's own word counts.
            env={"ORT_DISABLE_TELEMETRY": "1", **os.environ},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {**nothing, "error": f"its import did not end within {_TIMEOUT_S:g} s"}
    except OSError as error:
        return {**nothing, "error": f"no other Python could be started: {(error.strerror or '').lower()}"}
    if ran.returncode < 0:
        return {**nothing, "error": f"its import ends the process by {_name_of(-ran.returncode)}"}
    lines = ran.stdout.strip().splitlines()
    if ran.returncode > 0 or not lines:
        said = ran.stderr.strip().splitlines()
        return {**nothing, "error": in_words(ValueError(said[-1])) if said else "its import ends the process"}
    try:
        answer = json.loads(lines[-1])
    except ValueError:
        return {**nothing, "error": "its import prints more than it should"}
    if not isinstance(answer, dict) or not isinstance(answer.get("version"), str):
        return {**nothing, "error": "the module of that name does not say which version it is"}
    return {**nothing, **answer, "error": ""}


def _name_of(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
