"""Native sessions as they come and go: the checked descriptor, cancelling, time-outs, forks, the end of a process."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.errors import ActivationError, InferenceTimeout
from edgeadapt.registry.integrity import OpenedFile
from edgeadapt.registry.variant import ModelVariant
from tests.backends.both_sessions import identity, native, python, tensor
from tests.backends.onnx_models import looping


def big(folder: Path, external: bool) -> ModelVariant:
    """Some 40 MB of weights, so that a load lasts."""
    rng = np.random.default_rng(3)
    weights = [
        numpy_helper.from_array(rng.random((1024, 1024), np.float32), f"w{index}") for index in range(10)
    ]
    graph = helper.make_graph(
        [
            helper.make_node("MatMul", ["x" if index == 0 else f"h{index - 1}", f"w{index}"], [f"h{index}"])
            for index in range(10)
        ],
        "big",
        [tensor("x", "float32", ["N", 1024])],
        [tensor("h9", "float32", ["N", 1024])],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    path = folder / "big.onnx"
    if external:
        onnx.save(model, path, save_as_external_data=True, location="big.weights", size_threshold=0)
    else:
        onnx.save(model, path)
    return ModelVariant("big", str(path))


@pytest.mark.parametrize("external", [False, True])
@pytest.mark.parametrize("standby", [False, True])
@pytest.mark.parametrize("choice", ["native", "python"])
def test_a_checked_descriptor_is_what_is_loaded(
    tmp_path: Path, external: bool, standby: bool, choice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGEADAPT_ONNX", choice)
    variant = big(tmp_path, external)
    x = np.ones((1, 1024), np.float32) / 1024
    expected = python(variant).infer(x)
    file = OpenedFile(variant.name, variant.path)
    # Whoever renames another file into place changes nothing any more.
    other = tmp_path / "other"
    other.write_bytes(b"garbage")
    if not external:
        other.rename(variant.path)
    backend = ONNXBackend(variant, standby=standby, file=file)
    backend.load()
    file.close()
    np.testing.assert_allclose(backend.infer(x), expected, rtol=1e-5)


def test_a_load_is_cancelled_from_another_thread(tmp_path: Path) -> None:
    variant = big(tmp_path, external=False)
    backend = ONNXBackend(variant)
    failures: list[BaseException] = []

    def load() -> None:
        try:
            backend.load()
        except ActivationError as error:
            failures.append(error)

    thread = threading.Thread(target=load)
    thread.start()
    backend.cancel_load()
    thread.join()
    assert not backend.is_loaded
    assert [str(error) for error in failures] == [
        "variant `big` failed while loading: the load was cancelled"
    ]


def test_other_threads_run_python_while_a_model_loads(tmp_path: Path) -> None:
    variant = big(tmp_path, external=False)
    backend = ONNXBackend(variant)
    started, over = threading.Event(), threading.Event()

    def load() -> None:
        started.set()
        backend.load()
        over.set()

    thread = threading.Thread(target=load)
    thread.start()
    started.wait()
    turns = 0
    while not over.is_set():
        turns += 1
    thread.join()
    # Held throughout, the lock would let this loop turn hardly at all.
    assert turns > 1000


def test_a_run_that_takes_too_long_is_ended_and_the_next_one_answered(tmp_path: Path) -> None:
    variant = ModelVariant("slow", str(looping(tmp_path / "slow.onnx")))
    session = native(variant)._native
    x = np.zeros((64, 64), np.float32)
    with pytest.raises(
        InferenceTimeout, match="variant `slow` failed while inferring: it did not answer in time"
    ):
        session.infer({"turns": np.array(10**12), "x": x}, timeout_s=0.05)
    with pytest.raises(InferenceTimeout):
        session.infer({"turns": np.array(1), "x": x}, timeout_s=0.0)
    assert session.infer({"turns": np.array(3), "x": x}, timeout_s=60.0).shape == (64, 64)


_FORKED = """
import os, sys
import numpy as np
from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.errors import NotServing
from edgeadapt.registry.variant import ModelVariant
variant = ModelVariant("forked", sys.argv[1])
backend = ONNXBackend(variant)
backend.load()
x = np.ones((1, 4), np.float32)
backend.infer(x)
child = os.fork()
if child == 0:
    try:
        backend.infer(x)
    except NotServing as error:
        print(error, flush=True)
    backend.unload()
    backend = ONNXBackend(variant)
    backend.load()
    print(backend.infer(x).sum(), flush=True)
    os._exit(0)
print(os.waitpid(child, 0)[1], backend.infer(x).sum())
"""

_EXITING = """
import sys, threading
import numpy as np
from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.registry.variant import ModelVariant
backend = ONNXBackend(ModelVariant("exiting", sys.argv[1]))
backend.load()
x = np.zeros((64, 64), np.float32)
turns = np.array(int(sys.argv[2]))
ready = threading.Barrier(4)
def serve():
    ready.wait()
    while True:
        backend.infer({"turns": turns, "x": x})
for _ in range(3):
    threading.Thread(target=serve, daemon=True).start()
ready.wait()
backend.infer({"turns": np.array(1), "x": x})
print("over")
"""


def run(code: str, *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], check=True, capture_output=True, text=True, timeout=100
    ).stdout


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="this system does not fork")
def test_a_forked_child_is_told_and_can_load_again(tmp_path: Path) -> None:
    variant = identity(tmp_path, "float32", ["N", 4])
    assert run(_FORKED, variant.path).splitlines() == [
        "variant `forked` does not serve here: this model was loaded before the fork; load it again in the child process",
        "4.0",
        "0 4.0",
    ]


@pytest.mark.parametrize("turns", ["1", "100000000"])
def test_a_process_ends_while_its_threads_infer(tmp_path: Path, turns: str) -> None:
    assert run(_EXITING, str(looping(tmp_path / "slow.onnx")), turns) == "over\n"
