"""A group whose commands are imported only when named, and whose errors all end in `failure`."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from edgeadapt.cli.collector import end_without_collecting
from edgeadapt.cli.failure import GOOD, OutputClosed, report
from edgeadapt.cli.output.terminal import let_go, prepare_streams
from edgeadapt.wording import did_you_mean, shown

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class LazyGroup(click.Group):
    """A click group over tables, one a section of its help: command name → (`module:attribute`, one line of help).

    A command returns its exit code, or nothing for 0.
    """

    def __init__(
        self, *args: Any, sections: Mapping[str, Mapping[str, tuple[str, str]]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._sections = sections
        self._commands_at = {name: row for rows in sections.values() for name, row in rows.items()}
        mark_blocks(self)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """List the commands in the tables' order, which is the order a new user meets them in."""
        return list(self._commands_at)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import a command; None for a name that is none."""
        found = self._commands_at.get(cmd_name)
        if found is None:
            return None
        module, _, attribute = found[0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        mark_blocks(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments name; propose the nearest name for one that is none."""
        if args and args[0] not in self._commands_at and not args[0].startswith("-"):
            # What many programs have as a command is an option here.
            options = {name for param in self.get_params(ctx) for name in param.opts}
            option = f"--{args[0]}"
            is_option = option in options
            hint = (
                f"write {ctx.command_path} {option}"
                if is_option
                else did_you_mean(args[0], self._commands_at, "there are")
            )
            raise click.UsageError(f"there is no command {shown(args[0])}; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """List the commands for `--help` from the tables, so that help loads none of them."""
        widest = max(map(len, self._commands_at))
        for title, rows in self._sections.items():
            with formatter.section(title):
                # Filled up, so that the sections' columns are one.
                formatter.write_dl([(name.ljust(widest), line) for name, (_, line) in rows.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete a command's name from the tables, and the group's own options."""
        from click.shell_completion import CompletionItem

        rows = self._commands_at.items()
        found = [CompletionItem(name, help=line) for name, (_, line) in rows if name.startswith(incomplete)]
        # Past the group, whose own way would import every command for its line of help.
        return found + click.Command.shell_complete(self, ctx, incomplete)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, and find out here whether somebody took the output."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            # Click would take it for a failure of its own with code 1.
            let_go(sys.stdout)
            raise OutputClosed from None
        return result

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command line; in click's standalone mode, end the process with the code that `failure` gives."""
        options: dict[str, Any] = {
            "windows_expand_args": windows_expand_args,
            "standalone_mode": False,
            **extra,
        }
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, **options)
        prepare_streams()
        end_without_collecting()
        try:
            result = super().main(args, prog_name, complete_var, **options)
            code = result if isinstance(result, int) else GOOD
        except Exception as error:  # noqa: BLE001 - the one place that turns every error into an exit code
            code = report(error)
        sys.exit(code)


def mark_blocks(command: click.Command) -> None:
    """Turn a raw docstring's spelling of a backspace into one, in a command's help and its subcommands'.

    It marks a block that click must not wrap.
    """
    command.help = command.help and command.help.replace("\\b\n", "\b\n")
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        mark_blocks(inner)
