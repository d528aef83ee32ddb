"""An engine over native sessions: the answers of the Python ones, observed all the same."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.engine import Engine
from edgeadapt.registry import ModelFamily
from edgeadapt.shipped import shipped


def test_every_way_to_infer_gives_the_python_sessions_answer_and_is_observed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    family = ModelFamily.from_yaml(shipped("families/digits.yaml"))
    image = np.random.default_rng(1).random((1, 1, 4, 4), np.float32)
    with monkeypatch.context() as patch:
        patch.setenv("EDGEADAPT_ONNX", "python")
        python = ONNXBackend(family.variant("tiny"))
        python.load()
    assert python.activation == "python"
    with Engine(family, lambda _state, _family: "tiny", poll_interval_sec=3600) as engine:
        with engine.lease() as lease:
            assert lease.backend.activation == "native"
            answers = [lease.infer(image)]
        answers += [
            engine.infer(image),
            engine.infer({python.inputs[0].name: image}),
            engine.infer(np.asfortranarray(image)),
            engine.infer(image, timeout_s=60),
            engine.infer_detailed(image).outputs,
            asyncio.run(engine.ainfer(image)),
        ]
        engine.poll()
        assert engine.status().calls == len(answers)
    for answer in answers:
        assert answer.tobytes() == python.infer(image).tobytes()
