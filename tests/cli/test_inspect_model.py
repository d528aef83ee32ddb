"""`inspect-model` shows what a model is, as a table or as data, and says of what is none that it is none."""

from __future__ import annotations

import json
from pathlib import Path

from onnx import helper

from edgeadapt.shipped import shipped
from tests.backends.onnx_models import FLOAT, save


def test_the_table_has_every_part(run) -> None:
    result = run("inspect-model", str(shipped("families/digits/medium_int8.onnx")))
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines if not line.startswith(" ")] == [
        *("model", "size", "inputs", "outputs", "opset", "parameters", "operators", "quantization"),
        *("metadata", "metadata", "providers"),
    ]
    text = " ".join(result.stdout.split())
    assert "inputs image float32 [N, 1, 16, 16]" in text
    assert "opset ai.onnx 17; IR version 8; made by onnx.quantize 0.1.0" in text
    assert (
        "quantization static: activations by scales in the model (DequantizeLinear 35, QuantizeLinear 23)"
        in text
    )
    assert max(map(len, lines)) <= 80


def test_json_is_the_description(run) -> None:
    result = run("inspect-model", str(shipped("families/digits/small.onnx")), "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["parameters"] == 2410


def test_a_note_goes_to_stderr_and_names_can_not_write_to_the_terminal(run, tmp_path: Path) -> None:
    node = helper.make_node("Own", ["x\x1b[2J"], ["y"], domain="my\x1b.ops")
    save(tmp_path / "m.onnx", [node], {"x\x1b[2J": (FLOAT, ("N\n",))}, {"y": (FLOAT, (1,))})
    result = run("inspect-model", "m.onnx")
    assert result.exit_code == 0
    assert "\x1b" not in result.output
    assert result.stderr.startswith("note: operators of")


def test_what_is_no_model_is_one_line_and_code_2(run, tmp_path: Path) -> None:
    (tmp_path / "a.onnx").write_text("edition 1", "utf-8")
    for path, told in (
        ("a.onnx", "error: a.onnx: it is no ONNX model; give a model's .onnx file\n"),
        ("b.onnx", "error: b.onnx: cannot read it: no such file or directory; check the path\n"),
    ):
        result = run("inspect-model", path)
        assert (result.exit_code, result.stdout, result.stderr) == (2, "", told)
