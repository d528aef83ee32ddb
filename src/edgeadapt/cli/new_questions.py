"""What `edgeadapt new` asks on a terminal, of what was not given; a wrong answer is told and asked for again."""

from __future__ import annotations

import os

import click

from edgeadapt.cli.arguments.models import variant_of
from edgeadapt.cli.output.model_table import tensor_text
from edgeadapt.cli.output.terminal import printable, say, tell
from edgeadapt.errors import ModelFileError
from edgeadapt.tooling.new_family import NewVariant, as_name
from edgeadapt.tooling.new_policy import usual_name

Answers = tuple[str, str, list[NewVariant]]


def ask(folder: str | None, name: str | None, variants: list[NewVariant]) -> Answers:
    """Return the folder, the name and the models."""
    if folder is None:
        folder = str(click.prompt("Folder for the family and the policy", default=os.curdir))
    if name is None:
        name = as_name(str(click.prompt("What to call them", default=usual_name(folder))))
    return folder, name, variants or _models()


def _models() -> list[NewVariant]:
    say("The models, ONNX files that answer the same question; an empty line ends them.")
    found: list[NewVariant] = []
    while True:
        what = "Path of a model, or nothing for an example" if not found else "Path of another model"
        path = str(click.prompt(what, default="", show_default=False)).strip()
        if not path:
            return found
        try:
            variant = variant_of(os.path.expanduser(path))
        except ModelFileError as error:
            tell("error", printable(str(error)))
            continue
        taken = [each.name for each in found]
        name = str(click.prompt("  Its name", default=variant.name))
        while name in taken:
            name = str(click.prompt(f"  {printable(name)} is taken; its name"))
        found.append(NewVariant(name, variant.path, variant.size_bytes, variant.inputs, variant.outputs))
        for side, tensors in (("takes", variant.inputs), ("gives", variant.outputs)):
            data = [{"name": each.name, "dtype": each.dtype, "shape": each.shape} for each in tensors]
            say(f"  it {side} {printable(', '.join(map(tensor_text, data)))}")
