"""A variant's adapter: inference as callers know it from the contract, around a model that wants it otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from edgeadapt.backends.adapter_functions import After, Before
from edgeadapt.backends.adapter_specs import after_steps
from edgeadapt.backends.adapter_steps import StepProblem, compile_steps
from edgeadapt.backends.base import InferenceBackend
from edgeadapt.backends.contract import problem_with, tensors_of
from edgeadapt.backends.onnx_inputs import bind
from edgeadapt.backends.tensor_spec import TensorSpec
from edgeadapt.errors import InferenceError, InputError
from edgeadapt.registry.adapter import AdapterSteps
from edgeadapt.registry.contract import Contract, ContractTensor
from edgeadapt.registry.field_checks import DTYPES


@attrs.frozen
class Adapted:
    """An `infer` that callers know, with what it takes and gives, which a lease shows in place of the model's own.

    Where there is a `before`, it is a host's own, and what it makes goes to `infer`; its errors are its caller's.
    """

    infer: Callable[[Any], Any]
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    before: Before | None = None

    def __call__(self, inputs: Any) -> Any:
        """Infer."""
        return self.infer(inputs if self.before is None else self.before(inputs))


def by_steps(variant: str, backend: InferenceBackend, contract: Contract, steps: AdapterSteps) -> Adapted:
    """Return `infer` through declared steps: the contract's inputs in, the contract's outputs out."""
    before, after = compile_steps(steps.inputs), compile_steps(steps.outputs)
    # Callers may give inputs in order, and that is the contract's; by name, they fit the model's order too.
    takes = specs_of(contract.inputs or ()) if steps.inputs or is_reordered(contract, backend) else ()
    gives = [spec.name for spec in backend.outputs]

    def infer(inputs: Any) -> Any:
        if takes:
            try:
                arrays = before(bind(takes, inputs))
            except StepProblem as error:
                raise InputError(f"the adapter of variant `{variant}` can't take this: {error}") from error
            inputs = {name: np.asarray(array, order="C") for name, array in arrays.items()}
        answer = backend.infer(inputs)
        if not steps.outputs:
            return answer
        try:
            return lone(after(by_name(answer, gives)))
        except StepProblem as error:
            raise InferenceError(variant, f"its adapter can't take the model's answer: {error}") from error

    return Adapted(
        infer,
        inputs=takes or backend.inputs,
        outputs=specs_of(contract.outputs or ()) if steps.outputs else backend.outputs,
    )


def by_functions(
    backend: InferenceBackend, contract: Contract | None, before: Before | None, after: After | None
) -> Adapted:
    """Return `infer` through a host's functions; what they take and give is told by the contract alone."""

    def infer(inputs: Any) -> Any:
        answer = backend.infer(inputs)
        return answer if after is None else after(answer)

    takes, gives = (contract.inputs, contract.outputs) if contract is not None else ((), ())
    return Adapted(
        infer,
        inputs=backend.inputs if before is None else specs_of(takes or ()),
        outputs=backend.outputs if after is None else specs_of(gives or ()),
        before=before,
    )


def steps_problem(contract: Contract, backend: InferenceBackend, steps: AdapterSteps) -> str:
    """Say how the contract, the steps and the model don't fit together; empty where they do."""
    if steps.inputs and (contract.inputs is None or any(tensor.name is None for tensor in contract.inputs)):
        return "its adapter has steps for inputs, but the contract does not name its inputs"
    try:
        given = None if contract.inputs is None else after_steps(steps.inputs, contract.inputs)
        problem = problem_with("inputs", given, tensors_of(backend.inputs), "what its adapter makes")
        if problem or not backend.outputs:
            return problem
        made = after_steps(steps.outputs, tensors_of(backend.outputs))
        return problem_with("outputs", contract.outputs, made)
    except StepProblem as error:
        return f"its adapter does not fit: {error}"


def is_reordered(contract: Contract, backend: InferenceBackend) -> bool:
    """Whether the model takes the contract's inputs in another order."""
    names = [tensor.name for tensor in contract.inputs or ()]
    own = [spec.name for spec in backend.inputs]
    return len(own) > 1 and names != own and set(names) == set(own)


def specs_of(tensors: Sequence[ContractTensor]) -> tuple[TensorSpec, ...]:
    """Return a contract's tensors as a model would describe its own."""
    return tuple(
        TensorSpec(
            tensor.name or "",
            tensor.dtype or "any type",
            np.dtype(tensor.dtype) if tensor.dtype in DTYPES else None,
            tensor.shape or (),
        )
        for tensor in tensors
    )


def by_name(answer: Any, names: Sequence[str]) -> dict[str, Any]:
    """Return an answer's outputs by name; raises StepProblem where a lone one has no name to go by."""
    if isinstance(answer, Mapping):
        return dict(answer)
    if len(names) != 1:
        raise StepProblem("the backend does not name its one output")
    return {names[0]: answer}


def lone(outputs: Mapping[str, Any]) -> Any:
    """Return one output as it is, several by name."""
    return next(iter(outputs.values())) if len(outputs) == 1 else outputs
