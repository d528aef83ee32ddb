"""What `edgeadapt ctl` can be asked, and nothing of how it is done."""

from __future__ import annotations

import click

from edgeadapt.cli.ctl.options import socket_option
from edgeadapt.cli.failure import MISUSE
from edgeadapt.cli.lazy_group import LazyGroup
from edgeadapt.cli.output.terminal import say

SECTIONS: dict[str, dict[str, tuple[str, str]]] = {
    "Look": {
        "status": ("edgeadapt.cli.ctl.commands:status", "Show what serves, and why."),
    },
    "Order": {
        "pin": ("edgeadapt.cli.ctl.commands:pin", "Let one variant serve, whatever the policy wants."),
        "freeze": ("edgeadapt.cli.ctl.commands:freeze", "Pin what serves now."),
        "unpin": ("edgeadapt.cli.ctl.commands:unpin", "Let the policy choose again."),
        "rollback": ("edgeadapt.cli.ctl.commands:rollback", "Go back to the variant before."),
        "preload": ("edgeadapt.cli.ctl.commands:preload", "Load a variant ahead of a swap to it."),
        "reload": ("edgeadapt.cli.ctl.commands:reload", "Read the policy's and the family's files again."),
    },
}


@click.group(cls=LazyGroup, sections=SECTIONS, invoke_without_command=True)
@socket_option
@click.pass_context
def ctl(ctx: click.Context) -> int | None:
    r"""Ask a running engine, and give it orders, from another process.

    The engine listens where `edgeadapt run --control` or its program says; without --socket it is looked for at
    /run/edgeadapt/control.sock for root, and at $XDG_RUNTIME_DIR/edgeadapt/control.sock for others. Only the engine's
    own user and root can ask. Each order is recorded with who gave it and --reason.

    \b
    Examples:
      edgeadapt ctl status
      edgeadapt ctl pin small --for 2h --reason "heat test"
      edgeadapt ctl --socket /run/camera/control.sock reload

    Exit codes: 0 it is done; 1 the engine refuses, or it failed; 2 wrong use, or nobody listens.
    """
    if ctx.invoked_subcommand is not None:
        return None
    say(ctx.get_help(), err=True)
    return MISUSE
