"""One family's checks around a load: memory before it, a warm-up and the family's contract after it.

It only puts the parts together; each is a file of its own beside this one. Used on the loader's thread alone.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from edgeadapt.backends.adapter import (
    by_functions,
    by_steps,
    is_reordered,
    specs_of,
    steps_problem,
)
from edgeadapt.backends.adapter_functions import After, Before, checked_adapters
from edgeadapt.backends.adapter_specs import after_steps
from edgeadapt.backends.adapter_steps import StepProblem
from edgeadapt.backends.admission import LEDGER, Transition, admit
from edgeadapt.backends.base import InferenceBackend
from edgeadapt.backends.contract import answer_problem, contract_of, problem_with, sized_by, tensors_of
from edgeadapt.backends.golden import check_golden, golden_inputs
from edgeadapt.backends.rehearsal import Rehearsal
from edgeadapt.backends.warm_up import trial, warm_up
from edgeadapt.errors import ActivationError
from edgeadapt.registry.adapter import AdapterSteps
from edgeadapt.registry.contract import Contract
from edgeadapt.registry.family import ModelFamily
from edgeadapt.registry.variant import ModelVariant
from edgeadapt.wording import in_words

__all__ = ["Preparation", "Transition"]

_TO_ADAPT = (
    "callers would have to know which variant serves: give it an `adapter:`, or declare the family's `contract:` with null "
    "for what callers look up in the lease"
)
_TO_MEND = "change {}, so that callers need not know which variant serves"


class Preparation:
    """What a swapper asks of a family before, during and after a load.

    `adapters` gives variants a function before their model, one after it, or both; what callers see of them is held
    against the contract. `available_mb` tells the memory that is left, None where unknown. `contract_from` names the
    variant whose own inputs and outputs the family's contract is, where that was not declared.
    """

    def __init__(
        self,
        family: ModelFamily,
        *,
        adapters: Mapping[str, tuple[Before | None, After | None]] | None = None,
        available_mb: Callable[[], float | None] | None = None,
        can_standby: bool = True,
        contract_from: str = "",
    ) -> None:
        self._family = family
        self._adapters = checked_adapters(family, adapters)
        self._available_mb = available_mb or (lambda: None)
        self._can_standby = can_standby
        self._contract = family.contract
        # Whose own inputs and outputs the contract is, where the family declares none.
        self._contract_from = contract_from
        self._owners: dict[str, object] = {}
        self._answers: dict[str, Any] = {}
        self._validated_before: set[str] = set()

    def over(self, family: ModelFamily) -> Preparation:
        """Return the same checks for another state of the family, as one that was reloaded.

        What callers go by stays as it is, unless either family declares a contract.
        """
        if family is self._family:
            return self
        other = copy.copy(self)
        other._family = family
        if self._family.contract is not None or family.contract is not None:
            other._contract, other._contract_from = family.contract, ""
        return other

    def admit(self, variant: str, active: str | None) -> Transition:
        """Reserve memory for a load, and say how it goes; raises MemoryRefused."""
        family = self._family
        if variant not in family:
            # The loader says so.
            return Transition.BESIDE
        owner = self._owners.setdefault(variant, object())
        return admit(
            owner,
            family.variant(variant),
            family.variant(active) if active is not None and active in family else None,
            family.activation,
            available_mb=self._available_mb,
            can_standby=self._can_standby,
            is_return=variant in self._validated_before,
        )

    def rehearsal(self, variant: ModelVariant) -> Rehearsal:
        """Return what will be run of a variant before it serves, as far as it can be told to another process."""
        if variant.name in self._adapters:
            # A host's functions can't be: the model alone is run, on what it says it takes.
            return Rehearsal()
        return Rehearsal.of(variant, self._contract, self._contract_from)

    def warm(self, variant: str, backend: InferenceBackend) -> None:
        """Run a loaded backend once or twice; raises ActivationError in stage `warming`."""
        declared = self._declared(variant)
        steps = None if declared is None else declared.adapter
        inputs = None
        # What goes through an adapter are the family's inputs; here the model's own are wanted.
        if declared is not None and declared.golden is not None and not (steps or variant in self._adapters):
            inputs = golden_inputs(variant, declared.golden)
            if inputs is None:
                # That is told when it is validated; zeros may be what the model can't take.
                return
        specs = backend.inputs
        if self._contract is not None and self._contract.inputs and variant not in self._adapters:
            # A misfit is told when the backend is validated.
            with suppress(StepProblem):
                given = after_steps(steps.inputs if steps else (), self._contract.inputs)
                specs = sized_by(specs, given)
        self._answers[variant] = warm_up(variant, backend, inputs, specs)

    def validate(self, variant: str, backend: InferenceBackend) -> Callable[[Any], Any] | None:
        """Hold a loaded backend against the contract and its golden outputs; raises ActivationError.

        Returns the `infer` to serve with where there is an adapter, and None where the backend's own serves.
        """
        try:
            infer = self._validated(variant, backend)
        except ActivationError:
            raise
        except Exception as error:
            # A host's adapter, or a backend of a host's own that describes itself oddly, may raise anything.
            reason = in_words(error) or type(error).__name__
            raise ActivationError(variant, "validating", reason) from error
        finally:
            self._answers.pop(variant, None)
        self._validated_before.add(variant)
        return infer

    def release(self, variant: str) -> None:
        """Give back what a load reserved, however it ended."""
        self._answers.pop(variant, None)
        owner = self._owners.pop(variant, None)
        if owner is not None:
            LEDGER.release(owner)

    def _validated(self, variant: str, backend: InferenceBackend) -> Callable[[Any], Any] | None:
        declared = self._declared(variant)
        steps = None if declared is None else declared.adapter
        functions = self._adapters.get(variant)
        contract = self._contract
        if contract is None and functions is None:
            contract = contract_of(backend.inputs, backend.outputs)
        if contract is not None:
            self._refuse(variant, self._misfit(contract, backend, steps, functions))
        infer = None
        if functions is not None:
            infer = by_functions(backend, contract, *functions)
        elif contract is not None and (steps is not None or is_reordered(contract, backend)):
            infer = by_steps(variant, backend, contract, steps or AdapterSteps())
        answer = self._answer(variant, backend, contract, infer)
        if contract is not None and answer is not None:
            self._refuse(variant, answer_problem(contract.outputs, answer, self._source))
        if self._contract is None and functions is None:
            self._contract, self._contract_from = contract, variant
        return infer

    def _misfit(
        self,
        contract: Contract,
        backend: InferenceBackend,
        steps: AdapterSteps | None,
        functions: tuple[Before | None, After | None] | None,
    ) -> str:
        if steps is not None:
            return steps_problem(contract, backend, steps)
        before, after = functions or (None, None)
        problem = ""
        # What a host's function makes is only seen in answers.
        if before is None:
            problem = problem_with("inputs", contract.inputs, tensors_of(backend.inputs), self._source)
        if not problem and after is None:
            problem = problem_with("outputs", contract.outputs, tensors_of(backend.outputs), self._source)
        return problem

    def _answer(
        self,
        variant: str,
        backend: InferenceBackend,
        contract: Contract | None,
        infer: Callable[[Any], Any] | None,
    ) -> Any:
        """Return an answer as callers would get it; None where there is nothing to ask."""
        declared = self._declared(variant)
        if declared is not None and declared.golden is not None:
            return check_golden(variant, declared.golden, infer or backend.infer)
        if infer is None:
            return self._answers.get(variant)
        if contract is None or not contract.inputs:
            return None
        return trial(infer, specs_of(contract.inputs))

    def _refuse(self, variant: str, problem: str) -> None:
        if not problem:
            return
        declared = self._declared(variant)
        remedy = _TO_ADAPT
        if variant in self._adapters:
            remedy = _TO_MEND.format("what `adapters` has for it")
        elif declared is not None and declared.adapter is not None:
            remedy = _TO_MEND.format("its `adapter:`")
        raise ActivationError(variant, "validating", f"{problem}; {remedy}")

    @property
    def _source(self) -> str:
        return f"`{self._contract_from}`, which served first," if self._contract_from else "the contract"

    def _declared(self, variant: str) -> ModelVariant | None:
        return self._family.variant(variant) if variant in self._family else None
