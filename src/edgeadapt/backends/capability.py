"""What a model's inputs and outputs say of what a backend can do with it."""

from __future__ import annotations

from edgeadapt.backends.base import BackendCapability
from edgeadapt.backends.tensor_spec import TensorSpec


def capability_of(
    backend: str,
    inputs: tuple[TensorSpec, ...],
    outputs: tuple[TensorSpec, ...],
    *,
    quantized: bool,
    concurrent_infer: bool = True,
) -> BackendCapability:
    """Return it as read from the loaded model: its open sizes, its largest batch and its names."""
    shapes = [spec.shape for spec in inputs]
    return BackendCapability(
        backend=backend,
        dynamic_shapes=any(not isinstance(dim, int) for shape in shapes for dim in shape),
        max_batch=min((shape[0] for shape in shapes if shape and isinstance(shape[0], int)), default=None),
        concurrent_infer=concurrent_infer,
        quantized=quantized,
        input_names=tuple(spec.name for spec in inputs),
        output_names=tuple(spec.name for spec in outputs),
    )
