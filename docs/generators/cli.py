"""Writes the commands from click's own declarations."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterator

import click

from docs.generators.markdown import fenced, joined, table
from edgeadapt.cli.main import SECTIONS, main


def commands() -> str:
    """Return the tables of commands by section, then each one's help."""
    found = list(_commands(main, click.Context(main, info_name="edgeadapt")))
    parts: list[str] = []
    for section, names in SECTIONS.items():
        rows = [
            [f"[`{path}`](#{path.replace(' ', '-')})", _line(command)]
            for path, command, _ in found
            if path.split()[1] in names
        ]
        parts += [f"**{section}**", table(["command", "does"], rows)]
    return joined([*parts, *(part for one in found for part in _about(*one))])


def _commands(
    group: click.Group, context: click.Context
) -> Iterator[tuple[str, click.Command, click.Context]]:
    """Yield every command with its path, depth first, in the order of `--help`."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        own = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            yield from _commands(command, own)
        else:
            yield own.command_path, command, own


def _line(command: click.Command) -> str:
    """Return the first sentence of a command's help."""
    return " ".join(_help(command)[0].split())


def _help(command: click.Command) -> list[str]:
    """Return a command's help as paragraphs."""
    return inspect.cleandoc(command.help or "").split("\n\n")


def _about(path: str, command: click.Command, context: click.Context) -> Iterator[str]:
    usage = command.collect_usage_pieces(context)
    yield f"## {path}"
    yield fenced("text", " ".join([path, *usage]))
    for paragraph in _help(command):
        yield from _paragraph(paragraph)
    rows = [
        record
        for parameter in command.get_params(context)
        if isinstance(parameter, click.Option)
        and (record := parameter.get_help_record(context)) is not None
        and "--help" not in record[0]
    ]
    if rows:
        yield table(["option", "means"], [[f"`{names}`", " ".join(what.split())] for names, what in rows])


def _paragraph(text: str) -> Iterator[str]:
    """Turn a paragraph of a help text to Markdown; one that begins with a backspace keeps its lines."""
    if not text.startswith("\b\n"):
        yield re.sub(r"([*_<])", r"\\\1", " ".join(text.split()))
        return
    title, _, rest = text.removeprefix("\b\n").partition("\n")
    if title.endswith(":"):
        yield title
        yield fenced("sh" if title.startswith("Example") else "text", textwrap.dedent(rest))
    else:
        yield fenced("text", textwrap.dedent(f"{title}\n{rest}"))
