"""The process that tries a variant: it does what an engine does before the variant serves, and says how far that went."""

from __future__ import annotations

import time
from typing import Any

from edgeadapt.backends.contract import contract_of
from edgeadapt.backends.default import default_loader
from edgeadapt.backends.preflight_child import answer_with
from edgeadapt.backends.preparation import Preparation
from edgeadapt.backends.rehearsal import Rehearsal
from edgeadapt.errors import ActivationError
from edgeadapt.registry.family import ModelFamily


def main() -> None:
    """Try the variant that standard input names."""
    answer_with(try_variant)


def try_variant(task: dict[str, Any]) -> dict[str, Any]:
    """Check, load, warm and validate a variant, and return what came of that.

    A task has `family` (the file), `variant`, and `reference`: a Rehearsal's data with the contract that the family does
    not declare itself, or None. The answer has `stage` and `reason` of a failure, empty where it works; `seconds` by stage;
    and the model's own contract as a Rehearsal's data, `own`.
    """
    family, name = ModelFamily.from_yaml(task["family"]), task["variant"]
    reference = Rehearsal() if task["reference"] is None else Rehearsal.of_data(task["reference"])
    if family.contract is None:
        family.contract = reference.contract
    checks = Preparation(family, contract_from=reference.contract_from)
    answer: dict[str, Any] = {"stage": "", "reason": "", "seconds": {}, "own": None}
    seconds = answer["seconds"]
    try:
        started = time.perf_counter()
        backend = default_loader(family, rehearsal=checks.rehearsal)(name)
        seconds["checking"], started = _lap(started)
        backend.load()
        seconds["loading"], started = _lap(started)
        checks.warm(name, backend)
        seconds["warming"], started = _lap(started)
        checks.validate(name, backend)
        seconds["validating"], started = _lap(started)
        own = contract_of(backend.inputs, backend.outputs)
        answer["own"] = Rehearsal(own, name).as_data()
    except ActivationError as error:
        answer.update(stage=error.stage, reason=error.reason)
    return answer


def _lap(started: float) -> tuple[float, float]:
    now = time.perf_counter()
    return now - started, now
