"""`edgeadapt explain`: what a code of a diagnostic, a decision or a swap means, offline."""

from __future__ import annotations

import click

from edgeadapt.cli.arguments.completions import codes
from edgeadapt.cli.failure import GOOD, Misuse
from edgeadapt.cli.output.columns import columns
from edgeadapt.cli.output.page import page_text
from edgeadapt.cli.output.terminal import say
from edgeadapt.wording import nearest, shown


@click.command()
@click.argument("code", required=False, metavar="[CODE]", shell_complete=codes)
def explain(code: str | None) -> int:
    r"""Show what a code means: of a diagnostic, with an example and its remedy, or of a decision or a swap.

    CODE is a code such as EAP404, a lint's name such as shadowed-rule, or a reason such as SWAP_PINNED. Without one,
    the diagnostics' codes are listed.

    \b
    Examples:
      edgeadapt explain EAP404
      edgeadapt explain no-hysteresis
      edgeadapt explain SWAP_POLICY_RECOMMEND
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
        text = _reason(code)
    if text is None:
        # Of two numbers, the nearer one is no better guess.
        meant = None if code.upper().startswith("EAP") else nearest(code, [*known(), *_reasons()])
        hint = "`edgeadapt explain` lists all" if meant is None else f"did you mean {shown(meant)}?"
        raise Misuse(f"there is no code {shown(code)}", hint)
    say(page_text(text))
    return GOOD


def _reasons() -> dict[str, list[str]]:
    """Return what each reason code means; one that two events have means something in each."""
    from edgeadapt.observability import OUTCOMES

    found: dict[str, list[str]] = {}
    for outcome in OUTCOMES:
        counted = "".join(f", counted in `{counter}`" for counter in outcome.counters)
        found.setdefault(outcome.code, []).append(f"{outcome.meaning}\n(event `{outcome.event}`{counted})")
    return found


def _reason(code: str) -> str | None:
    # The code is often copied with what follows it, `SWAP_LOAD_FAILED:full:no such file`.
    code = code.partition(":")[0].upper()
    meanings = _reasons().get(code)
    return None if meanings is None else "\n\n".join([f"# {code}", *meanings])
