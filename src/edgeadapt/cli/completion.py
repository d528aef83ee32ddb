"""`edgeadapt completion`: the script that makes a shell complete this command's names, options and files."""

from __future__ import annotations

import click

from edgeadapt.cli.failure import GOOD
from edgeadapt.cli.output.terminal import say

_SHELLS = ("bash", "zsh", "fish")
_PROGRAM = "edgeadapt"


@click.command("completion")
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> int:
    r"""Print the script that lets SHELL complete commands, options, files, codes and variants.

    The script asks this command for what fits, so that it stays right when EdgeAdapt is updated.

    \b
    Examples:
      edgeadapt completion bash > ~/.local/share/bash-completion/completions/edgeadapt
      edgeadapt completion zsh > ~/.zfunc/_edgeadapt     # a folder of $fpath, before `compinit`
      edgeadapt completion fish > ~/.config/fish/completions/edgeadapt.fish
      eval "$(edgeadapt completion bash)"                # for this shell only

    Exit codes: 0 printed; 2 there is no such shell.
    """
    # Imported here, so that `--help` and a wrong call cost nothing of it.
    from click.shell_completion import ShellComplete, get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    script = kind(ctx.find_root().command, {}, _PROGRAM, f"_{_PROGRAM.upper()}_COMPLETE")
    # The parent's: bash's own would look for a bash here, and the script may be for another machine.
    say(ShellComplete.source(script))
    return GOOD
