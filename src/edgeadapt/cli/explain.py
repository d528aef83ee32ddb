"""`edgeadapt explain`: what a diagnostic's code means, offline."""

from __future__ import annotations

import click

from edgeadapt.cli.arguments.completions import codes
from edgeadapt.cli.failure import GOOD, Misuse
from edgeadapt.cli.output.columns import columns
from edgeadapt.cli.output.terminal import say
from edgeadapt.wording import did_you_mean, shown


@click.command()
@click.argument("code", required=False, metavar="[CODE]", shell_complete=codes)
def explain(code: str | None) -> int:
    r"""Show what a code of a diagnostic means, why it matters, and an example with its remedy.

    CODE is a code such as EAP404, or a lint's name such as shadowed-rule. Without one, all codes are listed.

    \b
    Examples:
      edgeadapt explain EAP404
      edgeadapt explain no-hysteresis
      edgeadapt explain

    Exit codes: 0 shown; 2 there is no such code.
    """
    # The lints are many small files, which only this needs.
    from edgeadapt.language.linting.pages import known, page, summaries

    if code is None:
        for row in columns(summaries()):
            say(row)
        return GOOD
    text = page(code)
    if text is None:
        # Of two numbers, the nearer one is no better guess.
        hint = "" if code.upper().startswith("EAP") else f"{did_you_mean(code, known())}; "
        raise Misuse(f"there is no code {shown(code)}", f"{hint}`edgeadapt explain` lists all")
    say(text.rstrip())
    return GOOD
