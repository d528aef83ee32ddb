"""The arguments and options that several commands take, each written once: a policy, its parameters, a path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from edgeadapt.cli.arguments.completions import files

_F = TypeVar("_F", bound=Callable[..., Any])


def policy_argument(command: _F) -> _F:
    """Take POLICY, as the argument `policy`."""
    return click.argument("policy", metavar="POLICY", shell_complete=files)(command)


def param_option(command: _F) -> _F:
    """Take `--param NAME=VALUE` any number of times, as the argument `params`."""
    return click.option(
        "--param",
        "params",
        multiple=True,
        metavar="NAME=VALUE",
        help="Set a parameter of the policy: latency_budget=25ms.",
    )(command)


def file_option(*names: str, metavar: str = "FILE", **more: Any) -> Callable[[_F], _F]:
    """Make an option that takes a path, which the shell completes; `more` is as for `click.option`."""
    return click.option(*names, metavar=metavar, shell_complete=files, **more)
