"""Every error of a command → what the user reads and the exit code; no other file decides either.

0: all is well; 1: problems were found; 2: wrong use, or input that can't be read. An error that is nobody's input is a
bug of EdgeAdapt and says so, with its traceback, under a code of its own.
"""

from __future__ import annotations

import re
import traceback
from importlib import import_module

import click

from edgeadapt.cli.output.terminal import printable, say, tell

GOOD = 0
PROBLEMS = 1
MISUSE = 2
BUG = 70
INTERRUPTED = 130
OUTPUT_CLOSED = 141

# Where each error is defined, whether it is about what the user gave, and the code it gets. Names, not classes: a class
# can only have been raised where its module is loaded already, and loading all of them would slow every command.
_USERS: tuple[tuple[str, str, int], ...] = (
    ("edgeadapt.errors", "FamilyYamlError", MISUSE),
    ("edgeadapt.errors", "ModelFileError", MISUSE),
    ("edgeadapt.errors", "PolicyFileError", MISUSE),
    ("edgeadapt.errors", "ProgramError", MISUSE),
    ("edgeadapt.errors", "TraceError", MISUSE),
    ("edgeadapt.errors", "SnapshotError", MISUSE),
    ("edgeadapt.errors", "ReportError", MISUSE),
    ("edgeadapt.errors", "SampleError", MISUSE),
    ("edgeadapt.errors", "EdgeAdaptError", PROBLEMS),
    ("edgeadapt.program.params", "ParameterError", MISUSE),
)


# What click says of a value in Python's terms, in everybody's; a longer one before what it begins with.
_CLICKS_WORDS = (
    ("is not a valid float range", "is not a number"),
    ("is not a valid float", "is not a number"),
    ("is not a valid integer range", "is not a whole number"),
    ("is not a valid integer", "is not a whole number"),
)
# The option that takes a file, by the file's suffix.
_OPTION_OF = {
    ".eap": "--policy",
    ".eapc": "--policy",
    ".yaml": "--family",
    ".yml": "--family",
    ".csv": "--trace",
    ".jsonl": "--trace",
    ".onnx": "--model",
}


class Misuse(Exception):  # noqa: N818 - it says what happened, as click's own exceptions do
    """A command was given what it can't use: what is wrong, and what would be right."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(f"{problem}; {remedy}" if remedy else problem)


class OutputClosed(Exception):  # noqa: N818 - as above
    """Nobody reads the output any more, as when it is piped to `head`."""


def report(error: BaseException) -> int:
    """Tell the user of an error that ended a command; return the exit code."""
    if isinstance(error, (click.Abort, KeyboardInterrupt)):
        return INTERRUPTED
    if isinstance(error, OutputClosed):
        return OUTPUT_CLOSED
    if isinstance(error, Misuse):
        return _fail(printable(str(error)), MISUSE)
    if isinstance(error, click.ClickException):
        return _fail(_wrong_call(error), MISUSE)
    # PolicyError's module is loaded wherever one can come from, as above.
    if _is_a(error, "edgeadapt.diagnostics.policy_error", "PolicyError"):
        from edgeadapt.cli.output.diagnostics import show_diagnostics, summary

        diagnostics = error.diagnostics  # type: ignore[attr-defined] # it is a PolicyError
        show_diagnostics(diagnostics, err=True)
        say(summary(diagnostics, 1), err=True)
        return PROBLEMS
    for module, name, code in _USERS:
        if _is_a(error, module, name):
            return _fail(printable(str(error)), code)
    if isinstance(error, OSError):
        return _fail(printable(f"{_place(error)}{(error.strerror or str(error)).lower()}"), MISUSE)
    say("".join(traceback.format_exception(type(error), error, error.__traceback__)).rstrip(), err=True)
    return _fail("this is a bug in EdgeAdapt, not in your input; please report it with the lines above", BUG)


def _fail(message: str, code: int) -> int:
    tell("error", message)
    return code


def _is_a(error: BaseException, module: str, name: str) -> bool:
    """Whether an error is of a class, without loading the class's module for nothing."""
    names = {f"{cls.__module__}.{cls.__qualname__}" for cls in type(error).__mro__}
    return f"{module}.{name}" in names and isinstance(error, getattr(import_module(module), name))


def _wrong_call(error: click.ClickException) -> str:
    message = " ".join(error.format_message().split()).rstrip(".")
    message = message[:1].lower() + message[1:]
    for theirs, ours in _CLICKS_WORDS:
        message = message.replace(theirs, ours)
    context: click.Context | None = getattr(error, "ctx", None)
    if context is None:
        return message
    return f"{message}{_belongs_to(message, context)}\n  see: {context.command_path} --help"


def _belongs_to(message: str, context: click.Context) -> str:
    """Propose the option that a file belongs to which stands alone; empty where there is none."""
    match = re.fullmatch(r"got unexpected extra argument \((.+(\.\w+))\)", message)
    option = match and _OPTION_OF.get(match[2].lower())
    takes = {name for param in context.command.params for name in param.opts}
    return f"; write {option} {match[1]}" if match and option in takes else ""


def _place(error: OSError) -> str:
    from edgeadapt.wording import shown

    return "" if error.filename is None else f"{shown(error.filename)}: "
