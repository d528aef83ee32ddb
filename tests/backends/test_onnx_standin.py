"""The native session on ONNX Runtime's stand-in: what it is told, and what becomes of its refusals and hangs."""

from __future__ import annotations

import threading
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import numpy as np
import pytest

from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.errors import ActivationError, InferenceError, InferenceTimeout, InputError
from edgeadapt.registry.variant import SessionOptions

if TYPE_CHECKING:
    from conftest import FakeOrt

X = np.arange(4, dtype=np.float32).reshape(1, 4)


def loaded(
    fake_ort: FakeOrt, folder: Path, session: SessionOptions | None = None, **orders: str
) -> ONNXBackend:
    variant = fake_ort.model(folder / "fake.onnx", **orders)
    backend = ONNXBackend(variant if session is None else attrs.evolve(variant, session=session))
    backend.load()
    assert backend.activation == "native"
    return backend


def test_the_stand_in_answers(fake_ort: FakeOrt, tmp_path: Path) -> None:
    np.testing.assert_array_equal(loaded(fake_ort, tmp_path).infer(X), X)
    np.testing.assert_array_equal(loaded(fake_ort, tmp_path, fills="7").infer(X), X * 0 + 7)


def test_without_options_the_runtime_gets_the_devices_preset_alone(fake_ort: FakeOrt, tmp_path: Path) -> None:
    loaded(fake_ort, tmp_path)
    assert fake_ort.options() == {"log": "4", "session.force_spinning_stop": "1"}


@pytest.mark.parametrize(
    ("level", "number"), [("disable", "0"), ("basic", "1"), ("extended", "2"), ("all", "99")]
)
def test_a_variants_options_arrive_and_its_own_word_counts(
    fake_ort: FakeOrt, tmp_path: Path, level: str, number: str
) -> None:
    session = SessionOptions(
        intra_op_num_threads=3,
        inter_op_num_threads=2,
        graph_optimization_level=level,
        config_entries={"session.force_spinning_stop": "0", "session.x": "y"},
    )
    loaded(fake_ort, tmp_path, session)
    assert fake_ort.options() == {
        "graph": number,
        "inter": "2",
        "intra": "3",
        "log": "4",
        "session.force_spinning_stop": "0",
        "session.x": "y",
    }


def test_a_standby_leaves_the_weights_as_they_are(fake_ort: FakeOrt, tmp_path: Path) -> None:
    ONNXBackend(fake_ort.model(tmp_path / "fake.onnx"), standby=True).load()
    assert fake_ort.options()["session.disable_prepacking"] == "1"


def test_a_refused_load_is_said_in_the_runtimes_words(fake_ort: FakeOrt, tmp_path: Path) -> None:
    backend = ONNXBackend(fake_ort.model(tmp_path / "fake.onnx", load="error 9 no kernel for `Foo`"))
    with pytest.raises(ActivationError) as caught:
        backend.load()
    assert caught.value.stage == "loading"
    assert caught.value.reason == f"cannot load `{backend.variant.path}`: no kernel for `Foo`"
    assert (backend.is_loaded, backend.activation) == (False, "")


def test_an_environment_that_cannot_be_made_is_a_failed_load(
    fresh_fake_ort: str, built_fake_ort: FakeOrt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = ONNXBackend(built_fake_ort.model(tmp_path / "fake.onnx"))
    with monkeypatch.context() as patch:
        patch.setenv("FAKE_ORT_ENV_FAILS", "1")
        with pytest.raises(ActivationError, match="no threads are left"):
            backend.load()
    backend.load()
    assert backend.activation == "native"


def test_a_load_that_hangs_ends_when_it_is_cancelled(fake_ort: FakeOrt, tmp_path: Path) -> None:
    backend = ONNXBackend(fake_ort.model(tmp_path / "fake.onnx", load="hang"))
    hung, stopped = fake_ort.count("load hang"), fake_ort.count("load stopped")
    failures: list[str] = []

    def load() -> None:
        try:
            backend.load()
        except ActivationError as error:
            failures.append(error.reason)

    thread = threading.Thread(target=load)
    thread.start()
    while fake_ort.count("load hang") == hung:
        thread.join(0.001)
    backend.cancel_load()
    thread.join()
    assert failures == ["the load was cancelled"]
    assert fake_ort.count("load stopped") == stopped + 1


@pytest.mark.parametrize(
    ("code", "kind", "text"),
    [
        (2, InputError, "Invalid rank for input: x"),
        (2, InferenceError, "it broke"),
        (1, InferenceError, "it broke"),
        (6, InferenceError, "it broke"),
    ],
)
def test_a_refused_run_is_the_callers_fault_or_the_models(
    fake_ort: FakeOrt, tmp_path: Path, code: int, kind: type[Exception], text: str
) -> None:
    backend = loaded(fake_ort, tmp_path, run=f"error {code} {text}")
    takes = "the model takes `x` float32 [N, 4]"
    with pytest.raises(kind) as caught:
        backend.infer(X)
    assert (f"{takes}; {text}" if kind is InputError else f"{text}; {takes}") in str(caught.value)


def test_a_run_that_hangs_is_ended_at_its_time(fake_ort: FakeOrt, tmp_path: Path) -> None:
    session = loaded(fake_ort, tmp_path, run="hang").native
    assert session is not None
    stopped = fake_ort.count("run stopped")
    with pytest.raises(InferenceTimeout):
        session.infer(X, timeout_s=0.02)
    assert fake_ort.count("run stopped") == stopped + 1


def test_sessions_and_their_values_are_given_back(fake_ort: FakeOrt, tmp_path: Path) -> None:
    sessions, values = fake_ort.count("sessions"), fake_ort.count("values")
    for orders in ({}, {"run": "error 1 it broke"}, {"outputs": "a float32 N,4;b int64 N,4"}):
        backend = loaded(fake_ort, tmp_path, **orders)
        for _ in range(3):
            with nullcontext() if "run" not in orders else pytest.raises(InferenceError):
                backend.infer(X)
        backend.unload()
        del backend
    assert (fake_ort.count("sessions"), fake_ort.count("values")) == (sessions, values)
