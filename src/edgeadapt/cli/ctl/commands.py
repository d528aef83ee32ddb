"""The commands of `edgeadapt ctl`: each asks one thing and says what came of it."""

from __future__ import annotations

from typing import Any

import click

from edgeadapt.cli.ctl.options import json_option, reason_option, socket_option, socket_path
from edgeadapt.cli.failure import GOOD, MISUSE, PROBLEMS, Misuse
from edgeadapt.cli.output.terminal import printable, say, tell


@click.command()
@socket_option
@json_option
@click.pass_context
def status(ctx: click.Context, as_data: bool) -> int:
    r"""Show what serves, what the policy wants, and which order is in force.

    \b
    Examples:
      edgeadapt ctl status
      edgeadapt ctl status --json

    Exit codes: 0 shown; 2 wrong use, or nobody listens.
    """
    return _order(ctx, as_data, "status")


@click.command()
@click.argument("variant")
@click.option("--for", "duration", metavar="TIME", help="End the pin by itself after this time: 2h, 30min.")
@reason_option
@socket_option
@json_option
@click.pass_context
def pin(ctx: click.Context, variant: str, duration: str | None, reason: str, as_data: bool) -> int:
    r"""Let only VARIANT serve, until `unpin` or for a time; the policy still says what it wants, and waits.

    \b
    Examples:
      edgeadapt ctl pin small
      edgeadapt ctl pin small --for 2h --reason "heat test"

    Exit codes: 0 it serves, or is being loaded; 1 it is refused, or could not be loaded; 2 wrong use, or nobody listens.
    """
    return _order(ctx, as_data, "pin", variant=variant, for_s=_for_s(duration), why=reason)


@click.command()
@reason_option
@socket_option
@json_option
@click.pass_context
def freeze(ctx: click.Context, reason: str, as_data: bool) -> int:
    r"""Pin what serves now, and give up a load that is under way.

    \b
    Examples:
      edgeadapt ctl freeze --reason "maintenance"

    Exit codes: 0 it is pinned; 1 it is refused; 2 wrong use, or nobody listens.
    """
    return _order(ctx, as_data, "freeze", why=reason)


@click.command()
@reason_option
@socket_option
@json_option
@click.pass_context
def unpin(ctx: click.Context, reason: str, as_data: bool) -> int:
    r"""End a pin or a freeze: the policy chooses again, from its next step on.

    \b
    Examples:
      edgeadapt ctl unpin

    Exit codes: 0 the policy chooses; 1 it is refused; 2 wrong use, or nobody listens.
    """
    return _order(ctx, as_data, "unpin", why=reason)


@click.command()
@reason_option
@socket_option
@json_option
@click.pass_context
def rollback(ctx: click.Context, reason: str, as_data: bool) -> int:
    r"""Have the variant before serve again; what served is kept out for a while, and a pin goes over to the old one.

    \b
    Examples:
      edgeadapt ctl rollback --reason "wrong answers"

    Exit codes: 0 it serves, or is being loaded; 1 it is refused, or could not be loaded; 2 wrong use, or nobody listens.
    """
    return _order(ctx, as_data, "rollback", why=reason)


@click.command()
@click.argument("variant")
@reason_option
@socket_option
@json_option
@click.pass_context
def preload(ctx: click.Context, variant: str, reason: str, as_data: bool) -> int:
    r"""Load VARIANT beside what serves, so that a swap to it takes no load; the policy decides when it serves.

    \b
    Examples:
      edgeadapt ctl preload full

    Exit codes: 0 it is loaded, or being loaded; 1 it is refused, or could not be loaded; 2 wrong use, or nobody listens.
    """
    return _order(ctx, as_data, "preload", variant=variant, why=reason)


@click.command()
@reason_option
@socket_option
@json_option
@click.pass_context
def reload(ctx: click.Context, reason: str, as_data: bool) -> int:
    r"""Read the policy's and the family's files again; one with errors is refused, and the old one goes on.

    \b
    Examples:
      edgeadapt ctl reload

    Exit codes: 0 they are read, or unchanged; 1 one is refused; 2 wrong use, or nobody listens.
    """
    return _order(ctx, as_data, "reload", why=reason)


def _for_s(duration: str | None) -> float | None:
    if duration is None:
        return None
    from edgeadapt.cli.arguments.values import seconds_of

    seconds = seconds_of(duration, "--for")
    if seconds == 0:
        raise Misuse("--for 0 would end the pin at once", "give a time such as 2h, or leave --for out")
    return seconds


def _order(ctx: click.Context, as_data: bool, order: str, **fields: Any) -> int:
    from edgeadapt.engine.control.client import ask
    from edgeadapt.engine.control.protocol import NOT_UNDERSTOOD, NotUnderstood, Request
    from edgeadapt.errors import ControlSocketError

    request = Request(order, **fields)
    try:
        answer = ask(socket_path(ctx), request)
    except (ControlSocketError, NotUnderstood) as error:
        raise Misuse(str(error)) from None
    if answer.problem:
        tell("error", printable(answer.message))
        return MISUSE if answer.problem == NOT_UNDERSTOOD else PROBLEMS
    if as_data:
        import json

        say(json.dumps(answer.result, indent=2))
    else:
        from edgeadapt.cli.ctl.answers import lines

        try:
            text = list(lines(request, answer.result))
        except (KeyError, TypeError, AttributeError):
            # Fields are added within a version, and this engine has been running since before.
            raise Misuse("the engine is older than this `edgeadapt`", "use its own, or --json") from None
        for line in text:
            say(line)
    return PROBLEMS if _has_failed(answer.result) else GOOD


def _has_failed(result: Any) -> bool:
    files = result.get("files", ())
    return result.get("outcome") == "failed" or any(file["outcome"] == "refused" for file in files)
