"""An ONNX file is described without loading it; whatever else a file is, one line says so."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from edgeadapt.errors import ModelFileError
from edgeadapt.shipped import shipped
from edgeadapt.tooling import onnx_inspect
from edgeadapt.tooling.onnx_inspect import describe_onnx_model
from tests.backends.onnx_models import FLOAT, INT64, doubling, save

SMALL = shipped("families/digits/small.onnx")


@pytest.fixture(autouse=True)
def _no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Know the runtime already: asking it takes a process."""
    known = {"version": "1", "module": "m", "providers": ["CPUExecutionProvider"], "error": ""}
    monkeypatch.setattr(onnx_inspect, "probe_onnxruntime", lambda: known)


@pytest.mark.parametrize("name", ["tiny", "small", "medium_int8", "medium", "full"])
def test_it_agrees_with_the_onnx_package(name: str) -> None:
    path = shipped(f"families/digits/{name}.onnx")
    described = describe_onnx_model(path)
    model = onnx.load(path)
    constants = [each.t for node in model.graph.node if node.op_type == "Constant" for each in node.attribute]
    weights = [*model.graph.initializer, *constants]
    assert described["parameters"] == sum(int(np.prod(list(weight.dims))) for weight in weights)
    assert sum(described["parameters_by_type"].values()) == described["parameters"]
    assert described["opsets"] == {each.domain or "ai.onnx": each.version for each in model.opset_import}
    assert sum(described["operators"].values()) == len(model.graph.node)
    assert described["ir_version"] == model.ir_version
    assert described["size_bytes"] == path.stat().st_size
    assert described["inputs"][0]["name"] == model.graph.input[0].name
    assert described["quantization"]["kind"] == ("static" if name == "medium_int8" else "none")
    assert json.loads(json.dumps(described)) == described


def test_inputs_and_outputs_have_their_types_and_open_sizes(tmp_path: Path) -> None:
    node = helper.make_node("Shape", ["image"], ["sizes"])
    path = save(tmp_path / "m.onnx", [node], {"image": (FLOAT, ("N", None, 4))}, {"sizes": (INT64, (3,))})
    described = describe_onnx_model(path)
    assert described["inputs"] == [{"name": "image", "dtype": "float32", "shape": ["N", None, 4]}]
    assert described["outputs"] == [{"name": "sizes", "dtype": "int64", "shape": [3]}]


def test_an_initializer_that_is_listed_as_an_input_is_none(tmp_path: Path) -> None:
    graph = helper.make_graph(
        [helper.make_node("Add", ["x", "w"], ["y"])],
        "old",
        [helper.make_tensor_value_info(name, FLOAT, (2,)) for name in ("x", "w")],
        [helper.make_tensor_value_info("y", FLOAT, None)],
        [numpy_helper.from_array(np.ones(2, np.float32), "w")],
    )
    onnx.save(helper.make_model(graph), tmp_path / "m.onnx")
    described = describe_onnx_model(tmp_path / "m.onnx")
    assert [each["name"] for each in described["inputs"]] == ["x"]
    assert described["outputs"] == [{"name": "y", "dtype": "float32", "shape": None}]
    assert described["parameters_by_type"] == {"float32": 2}


def test_weights_and_operators_of_inner_graphs_count(tmp_path: Path) -> None:
    def branch(value: float) -> onnx.GraphProto:
        node = helper.make_node("Mul", ["x", "w"], ["z"])
        weight = numpy_helper.from_array(np.full(3, value, np.float32), "w")
        return helper.make_graph([node], "b", [], [helper.make_tensor_value_info("z", FLOAT, (3,))], [weight])

    node = helper.make_node("If", ["c"], ["y"], then_branch=branch(1), else_branch=branch(2))
    inputs = {"c": (TensorProto.BOOL, ()), "x": (FLOAT, (3,))}
    described = describe_onnx_model(save(tmp_path / "m.onnx", [node], inputs, {"y": (FLOAT, (3,))}))
    assert described["operators"] == {"Mul": 2, "If": 1}
    assert described["parameters"] == 6
    assert described["inputs"][0] == {"name": "c", "dtype": "bool", "shape": []}


@pytest.mark.parametrize(
    ("operators", "kind"),
    [
        (("MatMul",), "none"),
        (("DynamicQuantizeLinear", "MatMulInteger"), "dynamic"),
        (("QuantizeLinear", "DequantizeLinear"), "static"),
        (("QLinearConv",), "static"),
        (("DequantizeLinear", "MatMul"), "weights"),
        (("MatMulNBits",), "weights"),
        (("QAttention",), "other"),
    ],
)
def test_the_kind_of_quantization_is_told(operators: tuple[str, ...], kind: str, tmp_path: Path) -> None:
    nodes = [helper.make_node(operator, ["x"], ["y"]) for operator in operators]
    path = save(tmp_path / "m.onnx", nodes, {"x": (FLOAT, (1,))}, {"y": (FLOAT, (1,))})
    assert describe_onnx_model(path)["quantization"]["kind"] == kind


def external(path: Path, location: str) -> Path:
    weight = TensorProto(name="w", data_type=FLOAT, dims=[4], data_location=TensorProto.EXTERNAL)
    weight.external_data.add(key="location", value=location)
    graph = helper.make_graph(
        [helper.make_node("Add", ["x", "w"], ["y"])],
        "g",
        [helper.make_tensor_value_info("x", FLOAT, (4,))],
        [helper.make_tensor_value_info("y", FLOAT, (4,))],
        [weight],
    )
    path.write_bytes(helper.make_model(graph).SerializeToString())
    return path


def test_weights_in_files_of_their_own_are_listed_there_or_not(tmp_path: Path) -> None:
    path = external(tmp_path / "m.onnx", "m.data")
    described = describe_onnx_model(path)
    assert described["external"] == [{"path": str(tmp_path / "m.data"), "size_bytes": None}]
    assert "is missing" in described["notes"][0]
    (tmp_path / "m.data").write_bytes(bytes(16))
    described = describe_onnx_model(path)
    assert described["external"][0]["size_bytes"] == 16
    assert described["notes"] == []


def test_weights_outside_the_folder_are_told_of(tmp_path: Path) -> None:
    notes = describe_onnx_model(external(tmp_path / "m.onnx", "../m.data"))["notes"]
    assert any("which is not in its folder" in note for note in notes)


def test_operators_of_a_strange_domain_are_told_of(tmp_path: Path) -> None:
    node = helper.make_node("Own", ["x"], ["y"], domain="my.ops")
    path = save(tmp_path / "m.onnx", [node], {"x": (FLOAT, (1,))}, {"y": (FLOAT, (1,))})
    described = describe_onnx_model(path)
    assert described["operators"] == {"my.ops.Own": 1}
    assert "`my.ops` are no part of ONNX Runtime" in described["notes"][0]


def test_a_model_whose_weights_are_huge_is_not_read_whole(tmp_path: Path) -> None:
    path = doubling(tmp_path / "m.onnx")
    model = onnx.load(path)
    model.graph.initializer.append(TensorProto(name="w", data_type=FLOAT, dims=[1], raw_data=b"\0\0\0\0"))
    content = model.SerializeToString()
    # A document string of 40 GB at the end, in a file that has holes in place of it.
    length = 40_000_000_000
    tag = (
        b"\x32" + bytes(0x80 | (length >> shift) & 0x7F for shift in range(0, 35, 7)) + bytes([length >> 35])
    )
    with path.open("wb") as file:
        file.write(content + tag)
        try:
            file.truncate(len(content) + len(tag) + length)
        except OSError:
            pytest.skip("this file system takes no such file")
    assert describe_onnx_model(path)["parameters"] == 1


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "the file is empty"),
        (b"no model at all\n", "it is no ONNX model"),
        (b"\x00" * 100, "it is no ONNX model"),
        (b"\x08\x08", "it is no ONNX model"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "Git LFS pointer"),
        (b"<!DOCTYPE html>", "it is text, such as a web page"),
        (b"PK\x03\x04", "it is a zip archive"),
        (b"\x18\x00\x00\x00ORTM", "ONNX Runtime's own format"),
        (b"\x1c\x00\x00\x00TFL3", "TensorFlow Lite"),
        (SMALL.read_bytes()[:5000], "it is cut off or damaged, at byte"),
    ],
)
def test_what_is_no_model_is_refused_with_a_reason_and_a_remedy(
    content: bytes, problem: str, tmp_path: Path
) -> None:
    (tmp_path / "m.onnx").write_bytes(content)
    with pytest.raises(ModelFileError) as caught:
        describe_onnx_model(tmp_path / "m.onnx")
    assert problem in caught.value.problem
    assert caught.value.remedy


@pytest.mark.parametrize("path", ["none.onnx", ".", "nul\0"])
def test_what_can_not_be_read_is_refused(path: str) -> None:
    with pytest.raises(ModelFileError):
        describe_onnx_model(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes to name here")
def test_a_pipe_blocks_nobody(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ModelFileError, match="no regular file"):
        describe_onnx_model(tmp_path / "pipe")


def test_any_bytes_are_described_or_refused(tmp_path: Path) -> None:
    content = shipped("families/digits/medium_int8.onnx").read_bytes()[:200] + SMALL.read_bytes()
    path = tmp_path / "m.onnx"
    seed = random.Random(7)
    ends = set()
    for base in (SMALL.read_bytes(), shipped("families/digits/tiny.onnx").read_bytes(), content):
        for _ in range(60):
            data = bytearray(base)
            for _ in range(seed.choice((1, 3, 30))):
                data[seed.randrange(min(len(data), 600))] = seed.randrange(256)
            path.write_bytes(data if seed.random() < 0.8 else data[: seed.randrange(len(data))])
            try:
                json.dumps(describe_onnx_model(path))
                ends.add("described")
            except ModelFileError:
                ends.add("refused")
    assert ends == {"described", "refused"}
