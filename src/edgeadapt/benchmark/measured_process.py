"""Runs one measuring process to its end, however that comes: figures, or why there are none."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from edgeadapt.backends.trial_process import Ended, TrialProcess
from edgeadapt.benchmark.measuring_child import Task
from edgeadapt.benchmark.report import Failure
from edgeadapt.child_python import python_command
from edgeadapt.registry.family import ModelFamily
from edgeadapt.wording import in_words

_START = "from edgeadapt.benchmark.measuring_child import main; main()"
_KEPT_BYTES = 64 << 20


def measuring_command() -> list[str]:
    """Return the command of the process that measures: this Python, which finds modules where this one does."""
    return python_command(_START)


def run_process(
    family: ModelFamily,
    *,
    sample: Any,
    dims: Mapping[str, int],
    runs: int,
    warm_up: int,
    timeout_s: float,
    heard: Callable[[int], None],
    command: Callable[[], Sequence[str]] = measuring_command,
) -> Mapping[str, Any] | Failure:
    """Measure a family's only variant in a fresh process; `heard` is told how many timed runs are done."""
    task = Task(family, sample, dims, runs, warm_up, timeout_s, os.getpid())
    limit_s = family.activation.load_timeout_s
    process = TrialProcess(
        command(),
        # The process ends itself; this is for systems where it can't, and holds whatever it does.
        limit_s + 30.0 + (runs + warm_up) * timeout_s,
        kept_bytes=_KEPT_BYTES,
        heard=_Lines(heard).add,
    )
    try:
        ended = process.run(pickle.dumps(task))
    except OSError as error:
        return Failure(
            "starting", f"no other Python could be started: {(error.strerror or 'it fails').lower()}"
        )
    stage = "starting"
    for line in _told(ended.output):
        if "result" in line:
            result: Mapping[str, Any] = line["result"]
            return result
        if "failure" in line:
            return Failure(**line["failure"])
        stage = line.get("stage", stage)
    return Failure(stage, _reason(ended, stage, limit_s, timeout_s))


def _reason(ended: Ended, stage: str, load_timeout_s: float, timeout_s: float) -> str:
    how = ended.signal_name
    if ended.timed_out or how == "SIGALRM":
        what, limit_s = ("an inference", timeout_s) if stage == "running" else ("its load", load_timeout_s)
        return f"{what} did not end within {limit_s:.15g} s"
    if how == "SIGKILL":
        # Mostly the system's, for want of memory.
        return "its process was killed; there may be too little memory"
    if how:
        return f"its process ended by {how}: the runtime crashed"
    last = ended.errors.decode("utf-8", "replace").strip().rpartition("\n")[2]
    return f"its process ended with exit code {ended.code}: {in_words(ValueError(last)) or 'it said nothing'}"


def _told(output: bytes) -> Iterator[dict[str, Any]]:
    for line in output.splitlines():
        try:
            told = json.loads(line)
        except ValueError:  # the process ended in the middle of a line
            continue
        if isinstance(told, dict):
            yield told


@attrs.define
class _Lines:
    """Puts chunks together into lines, and passes on the counts in them."""

    heard: Callable[[int], None]
    rest: bytes = b""

    def add(self, chunk: bytes) -> None:
        *lines, self.rest = (self.rest + chunk).split(b"\n")
        for line in lines:
            # The result's line is long, and is read at the end.
            if line.startswith(b'{"done"'):
                self.heard(json.loads(line)["done"])
