"""One variant, tried in a process of its own, so that a model that ends its process ends no other."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

import attrs

from edgeadapt.backends.availability import missing_backend
from edgeadapt.backends.rehearsal import Rehearsal
from edgeadapt.backends.shipped_backends import NOT_SHIPPED
from edgeadapt.backends.trial_process import Ended, TrialProcess
from edgeadapt.child_python import python_command
from edgeadapt.errors import ActivationError, ModelFileError
from edgeadapt.registry.integrity import OpenedFile
from edgeadapt.registry.variant import ModelVariant
from edgeadapt.tooling.onnx_inspect import read_model
from edgeadapt.wording import in_words

_START = "from edgeadapt.tooling.variant_trial_child import main; main()"
STAGES = ("checking", "loading", "warming", "validating")
# What a Python takes to start on a slow device, before it can load anything.
_START_S = 30.0


@attrs.frozen
class VariantTrial:
    """What came of it: `stage` and `reason` of a failure, both empty for a variant that works.

    `skipped` says why it could not be tried at all, which is no failure; `seconds` is how long each stage took that it
    came through; `own` is the model's own inputs and outputs, as a Rehearsal.
    """

    variant: str
    stage: str = ""
    reason: str = ""
    skipped: str = ""
    seconds: Mapping[str, float] = attrs.field(factory=dict)
    own: Rehearsal | None = None

    @property
    def works(self) -> bool:
        """Whether it was tried, and came through every stage."""
        return not self.stage and not self.skipped


def try_variant(
    family_path: str, variant: ModelVariant, timeout_s: float, reference: Rehearsal | None = None
) -> VariantTrial:
    """Try a variant of a family file; `reference` is the contract of a family that declares none, once one is known."""
    name = variant.name
    missing = missing_backend(variant.backend)
    if variant.backend in NOT_SHIPPED:
        return VariantTrial(name, skipped=missing)
    if missing:
        return VariantTrial(name, "checking", missing)
    try:
        # A file that is not there needs no process to find out.
        OpenedFile(name, variant.path).close()
    except ActivationError as error:
        return VariantTrial(name, error.stage, error.reason)
    task = {
        "family": os.path.abspath(family_path),
        "variant": name,
        "reference": None if reference is None else reference.as_data(),
        "host": os.getpid(),
        "timeout_s": timeout_s + _START_S,
    }
    try:
        ended = TrialProcess(python_command(_START), timeout_s + _START_S).run(json.dumps(task).encode())
    except OSError as error:
        return VariantTrial(name, "checking", f"no process for it started: {(error.strerror or '').lower()}")
    answer = _answer(ended)
    if answer is None:
        return VariantTrial(name, "loading", _end(variant, ended, timeout_s))
    own, reason = answer["own"], answer["reason"]
    if answer["stage"] == "loading" and variant.backend == "onnx":
        reason = _why_not_loaded(variant, reason)
    return VariantTrial(
        name,
        answer["stage"],
        reason,
        seconds=answer["seconds"],
        own=None if own is None else Rehearsal.of_data(own),
    )


def _why_not_loaded(variant: ModelVariant, reason: str) -> str:
    """Say it better than the runtime where the file itself tells; else where to look."""
    try:
        read_model(variant.path)
    except ModelFileError as error:
        return f"`{variant.path}`: {error.problem}; {error.remedy}"
    return f"{reason.rstrip('.')}; `edgeadapt inspect-model` shows what the file says of itself"


def _answer(ended: Ended) -> dict[str, Any] | None:
    try:
        found = json.loads(ended.output)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _end(variant: ModelVariant, ended: Ended, timeout_s: float) -> str:
    """Say how a process ended that gave no answer, and what to do."""
    if ended.timed_out or ended.signal_name == "SIGALRM":
        return f"loading and running it did not end within {timeout_s:.15g} s; allow more by the family's `load_timeout_s`"
    if ended.signal_name == "SIGKILL":
        return "its process was killed, as the system does for want of memory; free memory, or try it on the device"
    if ended.code == 1:
        last = ended.errors.decode("utf-8", "replace").strip().rpartition("\n")[2]
        return in_words(ValueError(last)) or "its process ended with exit code 1"
    how = ended.signal_name or f"exit code {ended.code}"
    remedy = "restore the file" + ("" if variant.golden else ", or declare `golden` if it can't take zeros")
    return f"loading or running `{variant.path}` ends the process ({how}); {remedy}"
