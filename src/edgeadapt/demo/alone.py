"""One variant alone, for comparison: a bare ONNX Runtime session, with nothing of EdgeAdapt in the way."""

from __future__ import annotations

import numpy as np

from edgeadapt.demo.digits import Pixels, Scores, bare_session, input_size, model_input
from edgeadapt.demo.replay import Answer
from edgeadapt.registry.family import ModelVariant


def alone(variant: ModelVariant) -> Answer:
    """Return a way to answer every image with this variant."""
    session, size = bare_session(variant), input_size(variant)
    name = session.get_inputs()[0].name
    # The first run prepares the session; a service would not let a user wait for it.
    session.run(None, {name: model_input(np.zeros((8, 8), np.uint8), size)})

    def answer(pixels: Pixels) -> tuple[str, Scores]:
        return variant.name, session.run(None, {name: model_input(pixels, size)})[0]

    return answer
