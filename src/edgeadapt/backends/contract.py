"""Whether a model meets its family's contract, and which contract a family that declares none gets from a model.

A size that a model fixes must be the contract's; what a model leaves open is held against its answers instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from edgeadapt.backends.tensor_spec import TensorSpec
from edgeadapt.registry.contract import Contract, ContractTensor
from edgeadapt.wording import did_you_mean, shown


def contract_of(inputs: Sequence[TensorSpec], outputs: Sequence[TensorSpec]) -> Contract | None:
    """Return the contract that a model's own inputs and outputs are; None where it can't tell them.

    An open size of an output that is no input's too is not compared: the exporter only did not work it out.
    """
    if not inputs or not outputs:
        return None
    shared = {dim for spec in inputs for dim in spec.shape if isinstance(dim, str)}
    return Contract(
        inputs=[_tensor(spec, tuple("?" if dim is None else dim for dim in spec.shape)) for spec in inputs],
        outputs=[
            _tensor(spec, tuple(dim if isinstance(dim, int) or dim in shared else None for dim in spec.shape))
            for spec in outputs
        ],
    )


def tensors_of(specs: Sequence[TensorSpec]) -> tuple[ContractTensor, ...]:
    """Return what a model says of its inputs or outputs."""
    return tuple(_tensor(spec, spec.shape) for spec in specs)


def sized_by(specs: Sequence[TensorSpec], given: Sequence[ContractTensor]) -> tuple[TensorSpec, ...]:
    """Return a model's inputs with the sizes that it leaves open and the contract fixes."""
    by_name = {tensor.name: tensor.shape for tensor in given}
    lone = given[0].shape if len(given) == 1 else None
    return tuple(_sized(spec, by_name.get(spec.name, lone)) for spec in specs)


def _sized(spec: TensorSpec, shape: tuple[int | str | None, ...] | None) -> TensorSpec:
    if shape is None or len(shape) != len(spec.shape):
        return spec
    pairs = zip(spec.shape, shape, strict=True)
    sizes = (size if isinstance(size, int) and not isinstance(dim, int) else dim for dim, size in pairs)
    return attrs.evolve(spec, shape=tuple(sizes))


def problem_with(
    side: str,
    wanted: Sequence[ContractTensor] | None,
    model: Sequence[ContractTensor],
    source: str = "the contract",
) -> str:
    """Say how a model's inputs or outputs (`side`) differ from the contract's; empty where they don't.

    What the contract or the model can't tell is no difference.
    """
    if wanted is None or not model:
        return ""
    one = side[:-1]
    if len(wanted) == len(model) == 1 and (wanted[0].name is None or model[0].name is None):
        return _difference(one, wanted[0], model[0], source)
    by_name = {tensor.name: tensor for tensor in model}
    expected = {tensor.name: tensor for tensor in wanted}
    for name in expected:
        if name not in by_name:
            known = [shown(each.name)[1:-1] for each in model]
            return f"it has no {one} {shown(name)}, which {source} has; {did_you_mean(name, known, 'it has')}"
    for name, tensor in by_name.items():
        if name not in expected:
            return f"it has an {one} {tensor}, which {source} has not"
    for name, tensor in by_name.items():
        if problem := _difference(one, expected[name], tensor, source):
            return problem
    return ""


def answer_problem(wanted: Sequence[ContractTensor] | None, answer: Any, source: str = "the contract") -> str:
    """Say how an answer differs from the contract's outputs; empty where it doesn't, or is no arrays."""
    outputs = answer if isinstance(answer, Mapping) else {None: answer}
    if wanted is None or not all(isinstance(array, np.ndarray) for array in outputs.values()):
        return ""
    found = [
        ContractTensor(name, "str" if array.dtype.kind in "OU" else array.dtype.name, array.shape)
        for name, array in outputs.items()
    ]
    if len(found) == 1 and found[0].name is None and len(wanted) != 1:
        return f"its answer is one array, where {source} has {len(wanted)} outputs"
    return problem_with("outputs", [_fixed(tensor) for tensor in wanted], found, source)


def _fixed(tensor: ContractTensor) -> ContractTensor:
    """Return a tensor with its fixed sizes only: those of one answer say nothing of an open dimension."""
    if tensor.shape is None:
        return tensor
    shape = tuple(dim if isinstance(dim, int) else None for dim in tensor.shape)
    return ContractTensor(tensor.name, tensor.dtype, shape)


def _tensor(spec: TensorSpec, shape: tuple[int | str | None, ...]) -> ContractTensor:
    # An empty shape is a scalar or an unknown rank: ONNX Runtime does not say which.
    return ContractTensor(spec.name, spec.type_name, shape or None)


def _difference(one: str, wanted: ContractTensor, model: ContractTensor, source: str) -> str:
    same_type = wanted.dtype is None or model.dtype is None or wanted.dtype == model.dtype
    if same_type and _fits(wanted.shape, model.shape):
        return ""
    return f"its {one} is {model}, where {source} has {wanted}"


def _fits(wanted: tuple[int | str | None, ...] | None, model: tuple[int | str | None, ...] | None) -> bool:
    if wanted is None or model is None:
        return True
    return len(wanted) == len(model) and all(
        not isinstance(size, int) or dim is None or dim == size
        for dim, size in zip(wanted, model, strict=True)
    )
