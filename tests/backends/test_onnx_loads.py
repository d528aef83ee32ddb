"""Loads of ONNX models: the session options that they take, what they refuse, and what they say of it."""

from __future__ import annotations

from pathlib import Path

import attrs
import numpy as np
import pytest
from onnx import TensorProto, helper

from edgeadapt.errors import ActivationError, InferenceError, InputError
from edgeadapt.registry.variant import ModelVariant, SessionOptions
from tests.backends.both_sessions import save
from tests.backends.onnx_loading import IMAGE, loaded, refused


def test_files_that_are_no_model_are_refused_with_stage_and_reason(
    doubling: ModelVariant, tmp_path: Path
) -> None:
    whole = Path(doubling.path).read_bytes()
    bad = tmp_path / "bad.onnx"
    variant = ModelVariant("bad", str(bad))
    assert (refused(variant).stage, "there is no model file" in refused(variant).reason) == ("checking", True)
    bad.write_bytes(b"")
    assert (refused(variant).stage, "is empty" in refused(variant).reason) == ("checking", True)
    for content in (b"not a model at all" * 50, whole[: len(whole) // 2], bytes(range(256)) * 16):
        bad.write_bytes(content)
        error = refused(variant)
        assert error.stage == "loading"
        assert str(bad) in error.reason
    assert refused(ModelVariant("bad", str(tmp_path))).stage == "checking"


def test_a_failed_load_prints_nothing(
    doubling: ModelVariant, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.onnx"
    whole = Path(doubling.path).read_bytes()
    # No UTF-8: an operator that ONNX Runtime can't name, and an output that it can't.
    for content in (whole.replace(b"Add", b"A\xff\xff"), whole.replace(b"doubled", b"doubl\xff\xff")):
        bad.write_bytes(content)
        assert refused(ModelVariant("bad", str(bad))).stage == "loading"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("choice", ["native", "python"])
def test_what_a_model_says_of_itself_reaches_the_exception_alone_and_no_terminal(
    tmp_path: Path, choice: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EDGEADAPT_ONNX", choice)
    evil = "\x1b[31mevil\x07"
    shape = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None]) for name in ("x", "i", "y")]
    variant = save(
        tmp_path / "evil.onnx",
        [helper.make_node("Expand", ["x", "i"], ["y"], name=evil)],
        shape[:2],
        shape[2:],
    )
    with pytest.raises(ActivationError) as refused_load:
        loaded(variant)
    gather = save(
        tmp_path / "gather.onnx",
        [
            helper.make_node("Cast", ["i"], ["n"], to=TensorProto.INT64),
            helper.make_node("Gather", ["x", "n"], ["y"], name=evil),
        ],
        shape[:2],
        shape[2:],
    )
    backend = loaded(gather)
    with pytest.raises((InferenceError, InputError)) as refused_run:
        backend.infer({"x": np.zeros(1, np.float32), "i": np.full(1, 9, np.float32)})
    for error in (refused_load.value, refused_run.value):
        assert "evil" in str(error)
        assert str(error).isprintable()
    assert capfd.readouterr() == ("", "")


def test_session_options_reach_the_python_session(
    doubling: ModelVariant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGEADAPT_ONNX", "python")
    options = SessionOptions(
        intra_op_num_threads=1,
        inter_op_num_threads=1,
        graph_optimization_level="basic",
        providers=("CPUExecutionProvider",),
        config_entries={"session.force_spinning_stop": "0", "session.disable_prepacking": "1"},
    )
    backend = loaded(attrs.evolve(doubling, session=options))
    found = backend._session.get_session_options()
    assert (found.intra_op_num_threads, found.inter_op_num_threads) == (1, 1)
    assert found.get_session_config_entry("session.force_spinning_stop") == "0"
    assert found.get_session_config_entry("session.disable_prepacking") == "1"
    np.testing.assert_array_equal(backend.infer(IMAGE), IMAGE * 2)


def test_idle_threads_do_not_spin_unless_the_variant_says_so(
    doubling: ModelVariant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGEADAPT_ONNX", "python")
    found = loaded(doubling)._session.get_session_options()
    assert found.get_session_config_entry("session.force_spinning_stop") == "1"


def test_a_provider_that_is_not_here_is_refused_with_those_that_are(doubling: ModelVariant) -> None:
    error = refused(attrs.evolve(doubling, session=SessionOptions(providers=("NpuExecutionProvider",))))
    assert error.stage == "loading"
    assert "the provider `NpuExecutionProvider` is not in this onnxruntime" in error.reason
    assert "CPUExecutionProvider" in error.reason


def test_a_config_entry_that_the_runtime_refuses_is_a_failed_load(doubling: ModelVariant) -> None:
    options = SessionOptions(config_entries={"k" * 5000: "1"})
    assert refused(attrs.evolve(doubling, session=options)).stage == "loading"


def test_without_onnxruntime_the_remedy_is_named(
    doubling: ModelVariant, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert "pip install onnxruntime" in refused(doubling).reason
