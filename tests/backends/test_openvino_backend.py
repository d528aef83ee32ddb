"""Models by OpenVINO answer as by ONNX Runtime, and a swap may cross from one to the other."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import onnx
import pytest
from onnx import helper

from edgeadapt.backends import default_loader
from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.backends.openvino_backend import OpenVINOBackend
from edgeadapt.engine import Engine
from edgeadapt.errors import ActivationError, InputError
from edgeadapt.registry import ModelFamily, ModelVariant
from edgeadapt.registry.variant import SessionOptions
from edgeadapt.shipped import shipped
from tests.backends.onnx_models import FLOAT, INT64, STRING, doubling, save

# Looked for, not imported: it is the backend's import that keeps its telemetry off.
if importlib.util.find_spec("openvino") is None:
    pytest.skip("openvino is not installed", allow_module_level=True)

DIGITS = ModelFamily.from_yaml(shipped("families/digits.yaml"))
X = np.arange(8, dtype="float32").reshape(2, 4)


def opened(path: Path, **variant: Any) -> OpenVINOBackend:
    backend = OpenVINOBackend(ModelVariant("m", str(path), backend="openvino", **variant))
    backend.load()
    return backend


def refused(path: Path, **variant: Any) -> ActivationError:
    with pytest.raises(ActivationError) as caught:
        opened(path, **variant)
    assert "\n" not in caught.value.reason
    return caught.value


def plain(name: str) -> ModelVariant:
    """A variant of the digits without ONNX Runtime's options."""
    return attrs.evolve(DIGITS.variant(name), session=SessionOptions())


def both() -> ModelFamily:
    """The digits' `small` under ONNX Runtime, and `medium` under OpenVINO."""
    family = ModelFamily("both", contract=DIGITS.contract)
    for name, backend in (("small", "onnx"), ("medium", "openvino")):
        own = DIGITS.variant(name)
        family.add_variant(name, own.path, backend=backend, sha256=own.sha256, golden=own.golden)
    return family


def images(family: ModelFamily, name: str) -> dict[str, Any]:
    golden = family.variant(name).golden
    assert golden is not None
    with np.load(golden.inputs) as inputs:
        return dict(inputs)


@pytest.mark.parametrize("name", DIGITS.names)
def test_each_shipped_model_answers_as_by_onnx_runtime(name: str) -> None:
    variant = plain(name)
    ours, theirs = OpenVINOBackend(variant), ONNXBackend(variant)
    for backend in (ours, theirs):
        backend.load()
    given = images(DIGITS, name)
    assert variant.golden is not None
    np.testing.assert_allclose(
        ours.infer(given), theirs.infer(given), atol=variant.golden.atol, rtol=variant.golden.rtol
    )
    assert [spec.name for spec in (*ours.inputs, *ours.outputs)] == ["image", "scores"]
    assert ours.inputs[0].shape[1:] == theirs.inputs[0].shape[1:]
    assert ours.last_load_time_sec is not None
    assert ours.last_load_time_sec > 0


@pytest.mark.parametrize("name", DIGITS.names)
def test_its_capabilities_are_those_by_onnx_runtime(name: str) -> None:
    ours, theirs = OpenVINOBackend(plain(name)), ONNXBackend(plain(name))
    assert ours.capabilities.input_names == ()
    for backend in (ours, theirs):
        backend.load()
    told, expected = ours.capabilities, theirs.capabilities
    assert told.quantized is expected.quantized is (name == "medium_int8")
    assert (told.backend, expected.backend) == ("openvino", "onnx")
    assert (told.dynamic_shapes, told.max_batch) == (expected.dynamic_shapes, expected.max_batch)


def test_an_engine_swaps_from_one_runtime_to_the_other_and_back_under_load() -> None:
    family = both()
    done: list[tuple[str, str]] = []
    changed = threading.Condition()
    stop = threading.Event()
    problems: list[BaseException] = []

    def told(before: str, after: str) -> None:
        with changed:
            done.append((before, after))
            changed.notify_all()

    def serve(engine: Engine) -> None:
        try:
            while not stop.is_set():
                with engine.lease() as lease:
                    answer = lease.infer(images(family, lease.variant))
                    assert answer.shape[1] == 10
        except BaseException as error:  # noqa: BLE001 - told by the test
            problems.append(error)

    with Engine(
        family, lambda state, family: "small", initial_variant="small", on_swap_complete=told
    ) as engine:
        readers = [threading.Thread(target=serve, args=(engine,)) for _ in range(2)]
        for reader in readers:
            reader.start()
        wanted = [("small", "medium"), ("medium", "small")] * 2
        for count, (_, after) in enumerate(wanted, 1):
            engine.pin(after)
            with changed:
                assert changed.wait_for(lambda count=count: len(done) >= count, 60), done  # type: ignore[misc] # mypy can't type a lambda's default
            with engine.lease() as lease:
                kinds = {"small": "onnx", "medium": "openvino"}
                assert lease.backend.capabilities.backend == kinds[lease.variant]
        stop.set()
        for reader in readers:
            reader.join(60)
    assert (done, problems) == (wanted, [])


def test_what_the_loader_makes_reads_the_checked_file_once(tmp_path: Path) -> None:
    family = ModelFamily("f")
    path = doubling(tmp_path / "m.onnx")
    family.add_variant("m", path, backend="openvino")
    backend = default_loader(family)("m")
    assert isinstance(backend, OpenVINOBackend)
    # Another file under the same name is not what was checked.
    os.replace(save(tmp_path / "new.onnx", [helper.make_node("Neg", ["image"], ["scores"])],
                    {"image": (FLOAT, ("N", 4))}, {"scores": (FLOAT, ("N", 4))}), path)  # fmt: skip
    backend.load()
    np.testing.assert_array_equal(backend.infer(X), X * 2)
    backend.unload()
    with pytest.raises(ActivationError, match="make a new backend for each"):
        backend.load()


def test_a_file_that_is_written_to_while_it_loads_is_refused(tmp_path: Path) -> None:
    family = ModelFamily("f")
    path = doubling(tmp_path / "m.onnx")
    family.add_variant("m", path, backend="openvino")
    backend = default_loader(family)("m")
    path.write_bytes(path.read_bytes() + b"\x10\x01")
    with pytest.raises(ActivationError, match="m"):
        backend.load()
    assert not backend.is_loaded


def test_weights_in_a_file_of_their_own_are_found_beside_the_model(tmp_path: Path) -> None:
    node = helper.make_node("Add", ["image", "w"], ["scores"])
    weights = np.arange(1024, dtype="float32").reshape(1, 1024)
    path = save(tmp_path / "m.onnx", [node], {"image": (FLOAT, ("N", 1024))}, {"scores": (FLOAT, ("N", 1024))},
                {"w": weights})  # fmt: skip
    onnx.save(onnx.load(path), path, save_as_external_data=True, location="m.weights", size_threshold=0)
    family = ModelFamily("f")
    family.add_variant("m", path, backend="openvino")
    backend = default_loader(family)("m")
    backend.load()
    np.testing.assert_array_equal(backend.infer(np.ones((1, 1024), "float32")), weights + 1)

    late = default_loader(family)("m")
    os.replace(shutil.copy(path, tmp_path / "copy.onnx"), path)
    with pytest.raises(ActivationError, match="was replaced while it was loaded; load it again"):
        late.load()


def test_text_is_refused_before_it_ends_the_process(tmp_path: Path) -> None:
    node = helper.make_node("Identity", ["words"], ["same"])
    path = save(tmp_path / "m.onnx", [node], {"words": (STRING, ("N",))}, {"same": (STRING, ("N",))})
    assert (
        refused(path).reason == "`words` is string, which ends the process in OpenVINO; use `backend: onnx`"
    )


def test_a_type_that_numpy_has_not_is_refused(tmp_path: Path) -> None:
    node = helper.make_node("Identity", ["x"], ["y"])
    kind = onnx.TensorProto.BFLOAT16
    path = save(tmp_path / "m.onnx", [node], {"x": (kind, ("N",))}, {"y": (kind, ("N",))})
    assert refused(path).reason == "`x` is bf16, which NumPy has not; use `backend: onnx`"


@pytest.mark.parametrize(
    ("kind", "dtype"),
    [
        (getattr(onnx.TensorProto, name.upper()), name)
        for name in (
            "float16", "float", "double", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool"
        )
    ],
)  # fmt: skip
def test_every_other_type_goes_in_and_comes_out_as_itself(tmp_path: Path, kind: int, dtype: str) -> None:
    node = helper.make_node("Identity", ["x"], ["y"])
    backend = opened(save(tmp_path / "m.onnx", [node], {"x": (kind, ("N",))}, {"y": (kind, ("N",))}))
    given = np.array([0, 1, 100]).astype(onnx.helper.tensor_dtype_to_np_dtype(kind))
    answer = backend.infer(given)
    assert answer.dtype == given.dtype == backend.outputs[0].dtype
    np.testing.assert_array_equal(answer, given)


@pytest.mark.parametrize("value", [2**31, -(2**31) - 1, 2**62])
def test_whole_numbers_that_would_be_cut_off_are_refused(tmp_path: Path, value: int) -> None:
    node = helper.make_node("Identity", ["x"], ["y"])
    backend = opened(save(tmp_path / "m.onnx", [node], {"x": (INT64, ("N",))}, {"y": (INT64, ("N",))}))
    with pytest.raises(
        InputError, match=rf"`x` was given {value}, and OpenVINO computes whole numbers in 32 bits"
    ):
        backend.infer(np.array([0, value]))
    edges = np.array([2**31 - 1, -(2**31)])
    np.testing.assert_array_equal(backend.infer(edges), edges)
    assert backend.infer(edges[:0]).shape == (0,)


@pytest.mark.parametrize(
    ("session", "words"),
    [
        ({"providers": ["CPU", "GPU"]}, "takes one device in `providers`; name the order inside it: `AUTO:GPU,CPU`"),
        ({"providers": ["XPU"]}, "cannot compile `{path}` for `XPU`"),
        ({"graph_optimization_level": "all"}, "OpenVINO has no `graph_optimization_level`; leave it out"),
        ({"inter_op_num_threads": 2}, "OpenVINO has no `inter_op_num_threads`; leave it out"),
        ({"config_entries": {"NO_SUCH": "1"}}, "NO_SUCH"),
    ],
)  # fmt: skip
def test_options_that_it_has_not_are_refused(tmp_path: Path, session: dict[str, Any], words: str) -> None:
    path = doubling(tmp_path / "m.onnx")
    assert words.format(path=path) in refused(path, session=SessionOptions(**session)).reason


def test_its_threads_and_properties_are_the_variants(tmp_path: Path) -> None:
    entries = {"PERFORMANCE_HINT": "THROUGHPUT"}
    session = SessionOptions(providers=["CPU"], intra_op_num_threads=1, config_entries=entries)
    backend = opened(doubling(tmp_path / "m.onnx"), session=session)
    np.testing.assert_array_equal(backend.infer(X), X * 2)


def test_a_preflight_is_refused_rather_than_left_out(tmp_path: Path) -> None:
    error = refused(doubling(tmp_path / "m.onnx"), preflight="process")
    assert (error.stage, error.reason) == ("checking", "`preflight` is for `backend: onnx`; leave it out")


def test_a_file_that_is_no_model_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_bytes(b"no model")
    assert refused(tmp_path / "m.onnx").stage == "loading"
    assert refused(tmp_path / "none.onnx").stage == "checking"


def test_an_operator_that_it_does_not_know_is_named(tmp_path: Path) -> None:
    node = helper.make_node("NoSuchOperator", ["x"], ["y"])
    path = save(tmp_path / "m.onnx", [node], {"x": (FLOAT, (1,))}, {"y": (FLOAT, (1,))})
    assert "NoSuchOperator" in refused(path).reason


def test_a_wrong_input_is_told_what_the_model_takes(tmp_path: Path) -> None:
    backend = opened(doubling(tmp_path / "m.onnx"))
    with pytest.raises(InputError, match=r"the model takes `image` float32 \[\?, 4\]"):
        backend.infer(X.astype("float64"))


def test_without_openvino_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    error = refused(doubling(tmp_path / "m.onnx"))
    assert error.reason.endswith("install it: pip install 'edgeadapt[openvino]'")


def test_nothing_is_reported_to_openvinos_maker(tmp_path: Path) -> None:
    path = doubling(tmp_path / "m.onnx")
    telemetry = tmp_path / "modules" / "openvino_telemetry"
    telemetry.mkdir(parents=True)
    (telemetry / "__init__.py").write_text("raise SystemExit('telemetry was imported')")
    program = (
        "import sys\n"
        "from edgeadapt.backends.openvino_backend import OpenVINOBackend\n"
        "from edgeadapt.registry import ModelVariant\n"
        "OpenVINOBackend(ModelVariant('m', sys.argv[1])).load()\n"
        "assert 'openvino_telemetry' not in sys.modules\n"
    )
    places = os.pathsep.join([str(telemetry.parent), *sys.path])
    command = [sys.executable, "-c", program, str(path)]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": places}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
