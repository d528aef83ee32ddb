from __future__ import annotations

import pytest

from edgeadapt.backends.onnx_errors import load_failed
from edgeadapt.registry.variant import ModelVariant


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("std::bad_alloc", "there is not enough memory for it"),
        ("Load model from /proc/self/fd/7 failed:std::bad_alloc", "there is not enough memory for it"),
        ("Exception during initialization: std::bad_alloc", "there is not enough memory for it"),
        (
            "/onnxruntime_src/core/platform/posix/env.cc:327 PosixThread(int) pthread_create failed, error code: 11",
            "the system lets this process start no more threads",
        ),
        ("Load model from /proc/self/fd/7 failed:Protobuf parsing failed.", None),
    ],
)
def test_what_the_system_lacks_is_told_in_words_and_all_else_as_the_runtime_says_it(
    said: str, told: str | None
) -> None:
    error = load_failed(ModelVariant("small", "models/small.onnx"), RuntimeError(said), "/proc/self/fd/7")
    told = told or "Load model from models/small.onnx failed:Protobuf parsing failed."
    assert error.reason == f"cannot load `models/small.onnx`: {told}"
