"""`edgeadapt inspect-model`: what an ONNX file takes, gives and holds, without loading it."""

from __future__ import annotations

import json

import click

from edgeadapt.cli.arguments.options import PATH
from edgeadapt.cli.failure import GOOD
from edgeadapt.cli.output.terminal import say, tell


@click.command("inspect-model")
@click.argument("model", metavar="MODEL", type=PATH)
@click.option("--json", "as_data", is_flag=True, help="Print one JSON document for machines.")
def inspect_model(model: str, as_data: bool) -> int:
    r"""Show what MODEL, an ONNX file, takes, gives and holds: inputs, outputs, opset, size, parameters, quantization.

    Nothing is loaded or run, and weights are not read, so that a model of any size or origin can be looked at; whether
    it works here is for `edgeadapt validate` to try. The execution providers are those of the installed ONNX Runtime.

    \b
    Examples:
      edgeadapt inspect-model families/digits/small.onnx
      edgeadapt inspect-model mobilenet.onnx --json

    Exit codes: 0 shown; 2 MODEL can't be read, or is no ONNX model.
    """
    # Imported here, so that `--help` and a wrong call cost nothing of it.
    from edgeadapt.tooling.onnx_inspect import describe_onnx_model

    described = describe_onnx_model(model)
    if as_data:
        say(json.dumps(described, indent=2))
        return GOOD
    from edgeadapt.cli.output.model_table import model_lines

    say("\n".join(model_lines(described)))
    for note in described["notes"]:
        tell("note", note)
    return GOOD
