"""Every command's help teaches: it has examples, each of which the command itself takes, and says what its exit codes mean."""

from __future__ import annotations

import inspect
import re
import shlex
from collections.abc import Iterator

import click
import pytest

from edgeadapt.cli.main import main

_PROGRAM = "edgeadapt"
_SHELL_SIGNS = {"|", ">", ">>", "<", "&&", ";"}


def walked(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from walked(command, (*path, name))


COMMANDS = {(): main, **dict(walked(main))}
NAMED = pytest.mark.parametrize("path", COMMANDS, ids=lambda path: " ".join(path) or "edgeadapt")


def examples(command: click.Command) -> list[str]:
    """Return the lines of a help's Examples, without the comments behind them."""
    found = re.search(r"^\x08\nExamples:\n((?:  .*\n?)+)", inspect.cleandoc(command.help or ""), re.MULTILINE)
    return [line.partition("  #")[0].strip() for line in found[1].splitlines()] if found else []


def arguments(example: str) -> list[str]:
    """Return what a line of a shell gives to this program."""
    inner = re.search(r"\$\((.*)\)", example)
    lexer = shlex.shlex(inner[1] if inner else example, posix=True, punctuation_chars="|><;&")
    lexer.whitespace_split = True
    words = list(lexer)
    start = words.index(_PROGRAM) + 1
    end = next((at for at in range(start, len(words)) if words[at] in _SHELL_SIGNS), len(words))
    return words[start:end]


@NAMED
def test_it_has_examples_that_name_it_and_tells_its_exit_codes(path: tuple[str, ...]) -> None:
    command = COMMANDS[path]
    lines = examples(command)
    assert lines
    for line in lines:
        assert _PROGRAM in line
    assert not path or any(path[-1] in arguments(line) for line in lines)
    assert "\n\nExit codes: 0 " in inspect.cleandoc(command.help or "")


@NAMED
def test_each_example_is_a_line_that_the_command_takes(
    path: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    reached: list[str] = []
    for command in COMMANDS.values():
        if not isinstance(command, click.Group):
            monkeypatch.setattr(command, "callback", lambda name=command.name, **_: reached.append(name))
    for line in examples(COMMANDS[path]):
        reached.clear()
        main(arguments(line), _PROGRAM, standalone_mode=False)
        assert len(reached) == 1, line


@NAMED
def test_its_help_is_there_by_both_options_and_fits_the_width(run, path: tuple[str, ...]) -> None:
    result = run(*path, "-h")
    assert result.exit_code == 0
    assert result.stdout == run(*path, "--help").stdout
    assert result.stdout.startswith(f"Usage: {' '.join((_PROGRAM, *path))} ")
    # Examples stand as they are to be typed, however wide.
    wide = [line for line in result.stdout.splitlines() if len(line) > 80 and _PROGRAM not in line]
    assert wide == []
    assert "\\b" not in result.stdout


@NAMED
def test_a_family_is_given_by_either_name(path: tuple[str, ...]) -> None:
    for option in COMMANDS[path].params:
        if {"--family", "--config"} & set(option.opts):
            assert (option.opts, option.name) == (["--family", "--config"], "family_path")
