"""What a variant is run on: the caller's sample, else one row of its recorded inputs, else zeros in sizes that are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from edgeadapt.backends.golden import read_arrays
from edgeadapt.backends.tensor_spec import TensorSpec, printable
from edgeadapt.backends.warm_up import zeros
from edgeadapt.errors import InputError
from edgeadapt.registry.variant import Golden


@attrs.frozen(eq=False)
class TrialInputs:
    """Inputs as `infer` takes them, and where they are from: `sample`, `golden` or `zeros`."""

    inputs: Any
    source: str
    notes: tuple[str, ...] = ()

    def tensors(self, specs: Sequence[TensorSpec]) -> list[dict[str, Any]]:
        """Return name, type and shape of each input, by the model's names."""
        named = (
            self.inputs if isinstance(self.inputs, Mapping) else {specs[0].name if specs else "": self.inputs}
        )
        return [
            {"name": printable(name), "dtype": str(array.dtype), "shape": list(array.shape)}
            for name, array in named.items()
        ]


def choose(
    variant: str, specs: Sequence[TensorSpec], golden: Golden | None, sample: Any, dims: Mapping[str, int]
) -> TrialInputs:
    """Choose what to run a variant on that takes `specs`; `dims` are the sizes of open dimensions by name.

    Raises InputError where nothing can be made up, ActivationError where recorded inputs can't be read.
    """
    if sample is not None:
        return TrialInputs(sample, "sample")
    if golden is not None and not dims.keys() & open_dims(specs):
        arrays = read_arrays(variant, golden.inputs)
        row = _first_row(specs, arrays)
        return TrialInputs(row, "golden")
    sized = [_sized(spec, dims) for spec in specs]
    made = zeros(sized)
    if made is None:
        raise InputError("its inputs can't be made up here; give it some by --sample FILE.npy")
    inputs = made if len(made) > 1 else next(iter(made.values()))
    return TrialInputs(inputs, "zeros", tuple(_guesses(sized)))


def open_dims(specs: Sequence[TensorSpec]) -> set[str]:
    """Return the names of the dimensions that a model leaves open."""
    return {dim for spec in specs for dim in spec.shape if isinstance(dim, str)}


def _first_row(specs: Sequence[TensorSpec], arrays: dict[str, Any]) -> dict[str, Any]:
    """Return one request of a recorded batch; all of it where the model does not leave the batch open."""
    is_batch = bool(specs) and all(spec.shape and not isinstance(spec.shape[0], int) for spec in specs)
    counts = {array.shape[0] if array.ndim else 0 for array in arrays.values()}
    if not is_batch or len(counts) != 1 or 0 in counts:
        return arrays
    return {name: np.ascontiguousarray(array[:1]) for name, array in arrays.items()}


def _sized(spec: TensorSpec, dims: Mapping[str, int]) -> TensorSpec:
    shape = tuple(dims.get(dim, dim) if isinstance(dim, str) else dim for dim in spec.shape)
    return attrs.evolve(spec, shape=shape)


def _guesses(specs: Sequence[TensorSpec]) -> list[str]:
    """Say which open dimensions were taken as 1, besides the first one, the batch."""
    notes: list[str] = []
    for spec in specs:
        names = [dim for dim in spec.shape[1:] if not isinstance(dim, int)]
        if not names:
            continue
        # A dimension without a name can only be set by a sample.
        known = [printable(name) for name in names if name is not None]
        remedy = (
            " ".join(f"--dim {name}=SIZE" for name in known)
            if len(known) == len(names)
            else "--sample FILE.npy"
        )
        notes.append(
            f"sizes of input `{printable(spec.name)}` that the model leaves open were taken as 1: set them by {remedy}"
        )
    return notes
