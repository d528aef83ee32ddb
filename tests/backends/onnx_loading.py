"""Loads an ONNX model as a test wants it: well, or refused."""

from __future__ import annotations

import numpy as np
import pytest

from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.errors import ActivationError
from edgeadapt.registry.variant import ModelVariant

# What the models that the fixture `doubling` makes take.
IMAGE = np.arange(8, dtype=np.float32).reshape(2, 4)


def loaded(variant: ModelVariant) -> ONNXBackend:
    backend = ONNXBackend(variant)
    backend.load()
    return backend


def refused(variant: ModelVariant) -> ActivationError:
    backend = ONNXBackend(variant)
    with pytest.raises(ActivationError) as caught:
        backend.load()
    assert not backend.is_loaded
    assert caught.value.variant == variant.name
    assert "\n" not in str(caught.value)
    return caught.value
