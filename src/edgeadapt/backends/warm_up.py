"""A backend's first runs, before anybody waits for one: they take several times as long as those after them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from edgeadapt.backends.base import InferenceBackend
from edgeadapt.backends.tensor_spec import TensorSpec
from edgeadapt.errors import ActivationError, InferenceError, InputError
from edgeadapt.wording import in_words

# The first run tells ONNX Runtime what memory to plan for, and the second takes it: with large activations it is the slower
# one, 51 ms after 36 and before 35. Beyond this the wait for a variant counts for more.
_QUICK_S = 1.0
_MAX_BYTES = 1 << 30
# What runtimes say where there is too little.
_OF_MEMORY = re.compile(r"alloc|out of memory", re.IGNORECASE)


def warm_up(
    variant: str,
    backend: InferenceBackend,
    inputs: Mapping[str, Any] | None = None,
    specs: Sequence[TensorSpec] | None = None,
) -> Any:
    """Run a loaded backend on `inputs`, else on zeros by `specs`, else by what it says it takes; see `trial`.

    Raises ActivationError in stage `warming` where a run fails.
    """
    try:
        return trial(backend.infer, backend.inputs if specs is None else specs, inputs)
    except Exception as error:
        reason = in_words(error) or type(error).__name__
        told = inputs is None and _can_be_the_zeros(error)
        remedy = "; it was given zeros: declare `golden` if it can't take them" if told else ""
        raise ActivationError(variant, "warming", f"its first run failed: {reason}{remedy}") from error


def _can_be_the_zeros(error: Exception) -> bool:
    """Whether other numbers might help: not where memory lacks, or shapes are beyond NumPy's."""
    return isinstance(error, (InferenceError, InputError, ArithmeticError)) and not _OF_MEMORY.search(
        str(error)
    )


def trial(
    infer: Callable[[Any], Any],
    specs: Sequence[TensorSpec],
    inputs: Any = None,
    clock: Callable[[], float] = time.perf_counter,
) -> Any:
    """Infer once, and again where that is quick, on `inputs` or else on zeros by `specs`, and return the answer.

    An open size is 1. Where a size besides the first, the batch, had to be guessed so, or a rank, neither an answer nor a
    failure says anything: the result is None then, as where nothing can be run.
    """
    guessed = False
    if inputs is None:
        made = zeros(specs)
        if made is None:
            return None
        guessed = any(
            not spec.shape or not all(isinstance(dim, int) for dim in spec.shape[1:]) for spec in specs
        )
        inputs = made if len(made) > 1 else next(iter(made.values()))
    try:
        started = clock()
        answer = infer(inputs)
        if clock() - started < _QUICK_S:
            answer = infer(inputs)
    except Exception:  # a model may fail in any way on sizes that were only guessed
        if guessed:
            return None
        raise
    return None if guessed else answer


def zeros(specs: Sequence[TensorSpec]) -> dict[str, Any] | None:
    """Return zeros (texts: empty ones) for each input, 1 for an open size; None where a type is unknown or too big."""
    made: dict[str, Any] = {}
    for spec in specs:
        if spec.dtype is None:
            return None
        shape = tuple(dim if isinstance(dim, int) else 1 for dim in spec.shape)
        # In Python's own numbers: a file's sizes may be anything.
        count = 1
        for size in shape:
            count *= size
        if not 0 <= count * max(1, spec.dtype.itemsize) <= _MAX_BYTES:
            return None
        made[spec.name] = np.zeros(shape, spec.dtype)
    return made or None
