"""`edgeadapt scaffold`: the first draft of a new part of EdgeAdapt, for those who work on it."""

from __future__ import annotations

from pathlib import Path

import click

from edgeadapt.cli.arguments.options import file_option
from edgeadapt.cli.failure import GOOD, Misuse
from edgeadapt.cli.output.terminal import say
from edgeadapt.wording import shown

_FOLDER = Path("src/edgeadapt/language/lints")


@click.group()
def scaffold() -> None:
    r"""Make the files of a new part, in a source tree of EdgeAdapt.

    \b
    Examples:
      edgeadapt scaffold lint no-hysteresis

    Exit codes: 0 made; 2 wrong use.
    """


@scaffold.command()
@click.argument("name", metavar="NAME")
@file_option("--root", default=".", metavar="FOLDER", help="The source tree; the present folder by default.")
def lint(name: str, root: str) -> int:
    r"""Make a new lint: its module, whose docstring is its page and its test.

    \b
    Examples:
      edgeadapt scaffold lint no-hysteresis

    Exit codes: 0 made; 2 NAME can't be a lint's name, is taken, or FOLDER is no source tree.
    """
    from edgeadapt.language.linting.scaffold import new_lint

    folder = Path(root) / _FOLDER
    if not folder.is_dir():
        raise Misuse(
            f"there is no {_FOLDER.as_posix()} in {shown(root)}", "run it in a source tree of EdgeAdapt"
        )
    try:
        file, text = new_lint(name)
    except ValueError as error:
        raise Misuse(f"{shown(name)} can't be a new lint", str(error)) from None
    path = folder / file
    if path.exists():
        raise Misuse(f"{shown(path)} exists already", "choose another name")
    path.write_text(text, encoding="utf-8")
    say(f"made {path.as_posix()}: fill in its page, whose two examples tests/language/lints runs")
    return GOOD
