"""The options that the commands of `edgeadapt ctl` share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from edgeadapt.cli.arguments.options import file_option

_F = TypeVar("_F", bound=Callable[..., Any])
_PATH = "edgeadapt.ctl.socket"


def _keep(ctx: click.Context, _param: click.Parameter, path: str | None) -> None:
    if path is not None:
        # Shared by a command and its group, either of which may be given it.
        ctx.meta[_PATH] = path


def socket_option(command: _F) -> _F:
    """Take `--socket PATH`, before the command's name or after it."""
    return file_option(
        "--socket",
        metavar="PATH",
        expose_value=False,
        callback=_keep,
        help="Where the engine listens, if not at the usual place.",
    )(command)


def reason_option(command: _F) -> _F:
    """Take `--reason TEXT`, as the argument `reason`."""
    return click.option(
        "--reason", metavar="TEXT", default="", help="Why; it is recorded with the order, and who gave it."
    )(command)


def json_option(command: _F) -> _F:
    """Take `--json`, as the argument `as_data`."""
    return click.option("--json", "as_data", is_flag=True, help="Print the engine's answer as JSON.")(command)


def socket_path(ctx: click.Context) -> str:
    """Return the path that was given, or else the usual one."""
    from edgeadapt.engine.control.default_path import default_path

    given: str | None = ctx.meta.get(_PATH)
    return default_path() if given is None else given
