"""The arguments and options that several commands take, each written once: a policy, its parameters, a path."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_F = TypeVar("_F", bound=Callable[..., Any])


class _Path(click.types.StringParamType):
    """A path as it is given; an empty one is refused, which a shell makes of a variable that is not set."""

    name = "path"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the path; raises click.BadParameter."""
        if not value:
            self.fail("the path is empty", param, ctx)
        return value

    def shell_complete(
        self, _ctx: click.Context, _param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Leave it to the shell, which knows its files."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]


PATH = _Path()


def policy_argument(command: _F) -> _F:
    """Take POLICY, as the argument `policy`."""
    return click.argument("policy", metavar="POLICY", type=PATH)(command)


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
    return click.option(*names, metavar=metavar, type=PATH, **more)
