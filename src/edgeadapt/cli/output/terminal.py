"""Printing that can't fail: not on a terminal without our characters, nor on hostile text, nor where nothing is open."""

from __future__ import annotations

import codecs
import contextlib
import os
import sys
import unicodedata
from typing import TextIO

import click

_HANDLER = "edgeadapt.readable"
# The spellings that the language itself takes where there is one.
_READABLE = {
    "°": "deg",
    "µ": "u",
    "μ": "u",
    "…": "...",
    "→": "->",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{MULTIPLICATION SIGN}": "x",
    "≥": ">=",
    "≤": "<=",
}

_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan", "hint": "cyan"}


def prepare_streams() -> None:
    """Make stdout and stderr print a readable stand-in for what their encoding lacks, instead of failing.

    What is closed altogether, as by `>&-` or a service manager, becomes empty or swallows what it is given.
    """
    # In this order, each takes the lowest free number, its own, which else the next file to be opened would get.
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - until the process ends
    codecs.register_error(_HANDLER, _stand_in)
    for stream in (sys.stdout, sys.stderr):
        # A stream that a host has replaced may not be able to change; then it keeps its own way.
        with contextlib.suppress(AttributeError, ValueError, OSError):
            stream.reconfigure(errors=_HANDLER)  # type: ignore[union-attr] # a missing method is suppressed above


def say(text: str = "", *, err: bool = False) -> None:
    """Print lines to stdout or stderr, in colour only where they go to a terminal.

    Raises OSError where stdout can't be written; of stderr nobody could be told.
    """
    stream = sys.stderr if err else sys.stdout
    try:
        # In Windows' classic console click must translate colours, which it does for the stream it is given.
        click.echo(text, file=stream, color=wants_colour(stream))
    except OSError as error:
        if err:
            let_go(stream)
        elif isinstance(error, BrokenPipeError):
            raise
        else:
            raise OSError(error.errno, error.strerror, "standard output") from None


def tell(kind: str, message: str) -> None:
    """Print a line about a command's work to stderr: an `error`, a `warning`, a `note` or a `hint`."""
    say(f"{click.style(kind, fg=_COLOURS[kind], bold=True)}: {message}", err=True)


def wants_colour(stream: TextIO) -> bool:
    """Whether a stream is a terminal whose user has not asked for plain text (https://no-color.org)."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and stream.isatty()


def printable(text: str) -> str:
    """Return the text with control and format characters, line ends and tabs included, made visible."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") else char
        for char in text
    )


def let_go(stream: TextIO) -> None:
    """Send what is still buffered nowhere, so that the interpreter's exit stays quiet."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _stand_in(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_READABLE.get(char, "?") for char in error.object[error.start : error.end]), error.end
