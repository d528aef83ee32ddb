"""`edgeadapt new`: a family file and a first policy for one's own models, or for an example's, from flags or answers."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgeadapt.cli.arguments.options import PATH, file_option
from edgeadapt.cli.failure import GOOD, Misuse
from edgeadapt.cli.output.terminal import printable, say
from edgeadapt.wording import shown

if TYPE_CHECKING:
    from edgeadapt.tooling.new_family import NewVariant


@click.command("new")
@click.argument("folder", required=False, metavar="[DIR]", type=PATH)
@file_option(
    "--model",
    "models",
    multiple=True,
    metavar="PATH[=NAME]",
    help="An ONNX model, and what to call it if not by its file; once for each.",
)
@click.option("--name", metavar="NAME", help="What to call the family and the policy, if not by DIR.")
@click.option("--yes", is_flag=True, help="Ask nothing: what is not given gets its usual value.")
def new(folder: str | None, models: tuple[str, ...], name: str | None, yes: bool) -> int:
    r"""Begin a family and a policy in DIR, the present folder by default: NAME.yaml and NAME.eap.

    On a terminal it asks for what is not given. The models stay where they are. Without any, the example is a copy of
    three of the digits models that come with EdgeAdapt. The policy is a beginning: it spares the device where it gets
    hot, runs down or gets tight, has a test for each, and is yours to change. Nothing is ever overwritten.

    \b
    Examples:
      edgeadapt new
      edgeadapt new my-camera --model models/tiny.onnx --model models/big.onnx=full
      edgeadapt new example --yes

    Exit codes: 0 made; 2 wrong use, a model can't be read, or a file is there already.
    """
    # Imported here, so that `--help` and a wrong call cost nothing of it.
    from edgeadapt.cli.arguments.models import variant_of
    from edgeadapt.cli.new_questions import ask
    from edgeadapt.tooling.new_example import example
    from edgeadapt.tooling.new_policy import usual_name

    asks = not yes and sys.stdin.isatty() and sys.stdout.isatty()
    given = [variant_of(text) for text in models]
    if asks:
        folder, name, given = ask(folder, name, given)
    folder = folder or os.curdir
    name = name or usual_name(folder)
    _check_name(name)
    place = Path(folder)
    family, policy = place / f"{name}.yaml", place / f"{name}.eap"
    is_example = not given
    if is_example:
        given = example(place / "models")
    _check_places(place, [family, policy, *(Path(each.path) for each in given if is_example)])
    _check_variants(given)
    texts = _texts(name, given, folder)
    if asks:
        click.confirm(
            f"Make {printable(str(family))} and {printable(str(policy))}?", default=True, abort=True
        )
    _write(place, {family: texts[0], policy: texts[1]}, is_example=is_example)
    _show(family, policy, given)
    return GOOD


def _check_name(name: str) -> None:
    from edgeadapt.tooling.new_family import as_name

    if as_name(name) != name:
        raise Misuse(
            f"{shown(name)} can't be a policy's name", f"use letters, digits and `_`: --name {as_name(name)}"
        )
    from edgeadapt.language.grammar import keywords

    if name in keywords():
        raise Misuse(f"{shown(name)} is a word of the policy language", f"such as --name my_{name}")


def _check_places(place: Path, targets: Sequence[Path]) -> None:
    """Refuse before anything is written."""
    try:
        if place.exists() and not place.is_dir():
            raise Misuse(f"{shown(place)} is no folder", "give a folder, which need not be there yet")
        for target in targets:
            if os.path.lexists(target):
                raise _taken(str(target))
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise _unwritable(place, error) from None


def _check_variants(variants: Sequence[NewVariant]) -> None:
    names = [variant.name for variant in variants]
    for name in names:
        if names.count(name) > 1:
            raise Misuse(
                f"two models would be called {shown(name)}",
                f"call one by another name: --model PATH={name}_2",
            )


def _texts(name: str, variants: Sequence[NewVariant], folder: str) -> tuple[str, str]:
    """Return the family's text and the policy's."""
    from edgeadapt.tooling.new_family import new_family
    from edgeadapt.tooling.new_policy import new_policy

    try:
        family = new_family(name, variants, folder)
    except ValueError as error:
        raise Misuse(f"this can't be a family: {error}", "give the models other names or paths") from None
    head = (
        "# Begun by `edgeadapt new`; docs: reference/family-yaml. The contract is what callers give and get, whichever\n"
        "# variant serves. `edgeadapt benchmark --update` measures the variants and adds what it finds.\n"
    )
    by_size = sorted(variants, key=lambda variant: variant.size_bytes)
    light, heavy = by_size[0], by_size[-1]
    return head + family.to_yaml(), new_policy(name, light.name, heavy.name, heavy.size_bytes / 1e6)


def _write(place: Path, texts: dict[Path, str], *, is_example: bool) -> None:
    from edgeadapt.tooling.new_example import copy_example

    try:
        place.mkdir(parents=True, exist_ok=True)
        if is_example:
            copy_example(place / "models")
        for path, text in texts.items():
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
    except FileExistsError as error:
        raise _taken(str(error.filename)) from None
    except (OSError, ValueError) as error:
        raise _unwritable(place, error) from None


def _taken(path: str) -> Misuse:
    return Misuse(f"{shown(path)} is there already, and nothing is overwritten", "give another DIR or --name")


def _unwritable(place: Path, error: Exception) -> Misuse:
    reason = (getattr(error, "strerror", None) or "this is not a path").lower()
    return Misuse(f"cannot write to {shown(place)}: {reason}", "give another DIR")


def _show(family: Path, policy: Path, variants: Sequence[NewVariant]) -> None:
    """Say what was made, and what to do next, in the order in which it teaches most."""
    count = "1 variant" if len(variants) == 1 else f"{len(variants)} variants"
    say(f"made {printable(str(family))}, a family of {count}, and {printable(str(policy))}, its policy\n")
    say("Next:")
    option = f"--family {shlex.quote(str(family))}"
    path = shlex.quote(str(policy))
    steps = [
        (f"edgeadapt validate {option}", "load and run each variant once"),
        (f"edgeadapt decisions {option} --policy {path}", "see when which one serves"),
        (f"edgeadapt test {path}", "run the policy's tests; change it, and run them again"),
        (f"edgeadapt lint {path}", "check it as you write"),
        (f"edgeadapt benchmark {option} --update", "measure the variants, so that rules can rank them"),
        (f"edgeadapt run {path} --duration 30s", "serve with it, on this device"),
    ]
    for command, why in steps:
        # In one line however long, so that it can be copied.
        say(f"  {printable(command)}\n      {why}")
